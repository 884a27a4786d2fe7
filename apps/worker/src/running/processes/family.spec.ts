import { describe, expect, it } from 'vitest';
import { findFamily } from './family.js';
import { type ProcessFacts, parseStat } from './process-table.js';

/** pid, parent, group, session; started at the tick of its pid. */
function process(pid: number, parent: number, group = pid, session = group): ProcessFacts {
  return { pid, parent, group, session, startTicks: pid };
}

function pids(processes: readonly ProcessFacts[]): number[] {
  return processes.map(({ pid }) => pid).sort((a, b) => a - b);
}

const NOBODY = new Map<number, string>();

describe('the family of a run', () => {
  it('is the group, the session and all descendants of its leader', () => {
    const processes = [
      process(1, 0),
      process(10, 5),
      process(11, 10, 10),
      process(12, 11, 12, 10),
      process(13, 12, 13, 13),
      process(14, 13, 14, 14),
      process(20, 5),
      process(21, 1, 10, 10),
    ];
    expect(pids(findFamily({ processes, runIds: NOBODY }, { runId: 'r', leader: 10 }))).toEqual([
      10, 11, 12, 13, 14, 21,
    ]);
  });

  it('is whoever carries its id, with descendants that do not', () => {
    const processes = [process(30, 1), process(31, 30), process(40, 1)];
    const runIds = new Map([
      [30, 'r'],
      [40, 'other'],
    ]);
    expect(pids(findFamily({ processes, runIds }, { runId: 'r' }))).toEqual([30, 31]);
  });

  it('includes those known before, unless the number is meanwhile another process', () => {
    const processes = [process(50, 1), { ...process(51, 1), startTicks: 999 }];
    const known = [process(50, 10), process(51, 10)];
    expect(pids(findFamily({ processes, runIds: NOBODY }, { runId: 'r', known }))).toEqual([50]);
  });
});

describe('/proc/PID/stat', () => {
  const tail = '1 2 3 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 4711 0 0';

  it('is read past a name with blanks and brackets', () => {
    expect(parseStat(7, `7 (a) S (b) R ${tail}`)).toEqual({
      pid: 7,
      parent: 1,
      group: 2,
      session: 3,
      startTicks: 4711,
    });
  });

  it('of a zombie or a kernel thread is nobody', () => {
    expect(parseStat(7, `7 (x) Z ${tail}`)).toBeUndefined();
    expect(parseStat(7, `7 (kworker/0:1) I ${tail.replace('4194304', '69238880')}`)).toBeUndefined();
  });
});

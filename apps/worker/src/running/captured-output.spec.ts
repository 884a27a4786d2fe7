import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryMib } from '../../../../test/support/processes.js';
import { RunHostRig } from '../../../../test/support/run-host-rig.js';
import type { RunWitness } from '../../../../test/support/run-witness.js';
import type { SupervisedRunHost } from './supervised-run-host.js';

let rig: RunHostRig;
let host: SupervisedRunHost;
let witness: RunWitness;
const run: RunHostRig['run'] = (script, changes) => rig.run(script, changes);

beforeEach(async () => {
  rig = await RunHostRig.open();
  ({ host, witness } = rig);
});

afterEach(() => rig.close());

describe('output', () => {
  it('is seen while the run goes on', async () => {
    const id = run('printf now; sleep 60');
    await witness.said(id, 'now');
    expect(witness.ends.has(id)).toBe(false);
    expect(witness.piecesOf(id, 'stdout')[0]).toMatchObject({ seq: 0, offset: 0, cutBefore: 0 });
  });

  it('keeps every byte as it is: NUL, invalid UTF-8, terminal escapes', async () => {
    const id = run('head -c 20000 /dev/urandom | tee bytes; printf "\\0\\377\\033[2J" | tee -a bytes', {
      workingDirectory: rig.dataFolder,
    });
    await witness.end(id);
    expect(witness.bytes(id).equals(await readFile(join(rig.dataFolder, 'bytes')))).toBe(true);
  });

  it('numbers its pieces without a gap and in order over both streams', async () => {
    const id = run('for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; sleep 0.08; done');
    const end = await witness.end(id);
    const pieces = witness.pieces.filter((piece) => piece.runId === id);
    expect(pieces.map((piece) => piece.seq)).toEqual(pieces.map((_, index) => index));
    expect(pieces.length).toBeGreaterThan(4);
    expect(end.outputTail).toBe('o1\no2\no3\no4\no5\n');
  });

  it('of a gigabyte keeps head and tail, counts truly, and costs the supervisor bounded memory', async () => {
    const gibibyte = 2 ** 30;
    const id = run(`printf HEAD; head -c ${gibibyte} /dev/zero; printf TAIL`, { outputLimitBytes: 1_000_000 });
    const end = await witness.end(id, 60_000);
    expect(end).toMatchObject({ outputBytes: gibibyte + 8, outputTruncated: true, exitCode: 0 });
    const kept = witness.bytes(id);
    expect(kept.length).toBe(1_000_000);
    expect([kept.subarray(0, 4).toString(), kept.subarray(-4).toString()]).toEqual(['HEAD', 'TAIL']);
    const cuts = witness.piecesOf(id, 'stdout').filter((piece) => piece.cutBefore > 0);
    expect(cuts).toMatchObject([{ cutBefore: gibibyte + 8 - 1_000_000, offset: gibibyte + 8 - 500_000 }]);
    expect(memoryMib(host.supervisorPid ?? Number.NaN, 'VmHWM')).toBeLessThan(200);
  }, 90_000);

  it('of a million lines reaches the worker in few pieces', async () => {
    const id = run('yes "a line of some length, as programs write them" | head -n 1000000', {
      outputLimitBytes: 2 ** 20,
    });
    const end = await witness.end(id, 30_000);
    expect(end).toMatchObject({ outputBytes: 46_000_000, outputTruncated: true });
    expect(witness.piecesOf(id, 'stdout').length).toBeLessThan(100);
  }, 40_000);
});

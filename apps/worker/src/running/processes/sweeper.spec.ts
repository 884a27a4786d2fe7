import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isAlive, survivors } from '../../../../../test/support/processes.js';
import { until } from '../../../../../test/support/until.js';
import type { ProcessTable } from './process-table.js';
import { hasGroup, Sweeper, signal } from './sweeper.js';

const EMPTY: ProcessTable = { processes: [], runIds: new Map() };

describe('a sweeper', () => {
  it('kills what carries the id of a run, and nothing else', async () => {
    const env = { PATH: process.env.PATH ?? '', FLEETCRON_RUN_ID: `swept-${process.pid}` };
    const mine = spawn('/bin/sleep', ['60'], { env, detached: true, stdio: 'ignore' });
    const other = spawn('/bin/sleep', ['60'], {
      env: { ...env, FLEETCRON_RUN_ID: 'x' },
      detached: true,
      stdio: 'ignore',
    });
    await until('both', async () => (await survivors(env.FLEETCRON_RUN_ID)).length === 1);
    expect(await new Sweeper().clear({ runId: env.FLEETCRON_RUN_ID })).toBe(true);
    expect([isAlive(mine.pid ?? 0), isAlive(other.pid ?? 0)]).toEqual([false, true]);
    other.kill('SIGKILL');
  });

  it('admits that something does not die', async () => {
    // No such process: signals to it have no effect, as with one that is stuck inside the kernel.
    const stuck = { pid: 2 ** 30, parent: 1, group: 2 ** 30, session: 2 ** 30, startTicks: 1 };
    const sweeper = new Sweeper(async () => ({ processes: [stuck], runIds: new Map([[stuck.pid, 'r']]) }));
    expect(await sweeper.clear({ runId: 'r' }, 20)).toBe(false);
  });

  it('reads the table once for all who ask while it is busy, but never shows them an older one', async () => {
    const readings: (() => void)[] = [];
    const sweeper = new Sweeper(() => new Promise((resolve) => readings.push(() => resolve(EMPTY))));
    const first = sweeper.family({ runId: 'a' });
    const late = [sweeper.family({ runId: 'b' }), sweeper.family({ runId: 'c' })];
    expect(readings).toHaveLength(1);
    readings[0]?.();
    await first;
    await until('the second reading', () => readings.length === 2);
    readings[1]?.();
    await Promise.all(late);
    expect(readings).toHaveLength(2);
  });
});

describe('a signal', () => {
  it.each([0, 1, -1, -0, Number.NaN, 1.5])('never goes to %d', (pid) => {
    expect(signal(pid, 'SIGKILL')).toBe(false);
  });

  it('to nobody is no error', () => {
    expect([signal(2 ** 30, 'SIGTERM'), hasGroup(2 ** 30)]).toEqual([false, false]);
  });
});

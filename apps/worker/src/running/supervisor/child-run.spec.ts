import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sweeper } from '../processes/sweeper.js';
import { ChildRun } from './child-run.js';
import { systemClocks } from './clocks.js';
import { OutputTurns } from './output-turns.js';
import type { ChildExit } from './spawned-child.js';

const RUN_ID = `child-run-${process.pid}`;

describe('a run whose first process ends while the others are being looked for', () => {
  /** A member of its group that heeds no TERM. */
  let stubborn: ChildProcess;
  let exit: (how: ChildExit) => void;
  let lookOn: () => void;
  let run: ChildRun;

  beforeEach(async () => {
    stubborn = spawn('sh', ['-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, FLEETCRON_RUN_ID: RUN_ID },
    });
    await once(stubborn.stdout!, 'data');
    const sweeper = new Sweeper();
    const family = sweeper.family.bind(sweeper);
    const looking = new Promise<void>((resolve) => {
      lookOn = resolve;
    });
    sweeper.family = async (trace) => {
      await looking;
      return family(trace);
    };
    const exited = new Promise<ChildExit>((resolve) => {
      exit = resolve;
    });
    const [stdout, stderr] = [new PassThrough().end(), new PassThrough().end()];
    const turns = new OutputTurns({ canTake: () => true, send: () => {}, whenRoom: () => {} });
    const order = { runId: RUN_ID, session: 's1', outputLimitBytes: 1000, killGraceMs: 3_600_000 };
    run = new ChildRun(
      order as never,
      { pid: stubborn.pid!, stdout, stderr, exited },
      { turns, sweeper, clocks: systemClocks },
    );
  });

  afterEach(() => {
    stubborn.kill('SIGKILL');
  });

  it('is still ended at once when it may not be patient any more, and ended by itself', async () => {
    run.end('timeout', 3_600_000);
    exit({ code: 0 });
    await new Promise((resolve) => setImmediate(resolve));
    lookOn();
    // Its worker has died: an hour of grace is over.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stubborn.exitCode ?? stubborn.signalCode).toBeNull();
    run.end('orphaned', 0);
    const { cause, end } = await run.over;
    expect(cause).toBeUndefined();
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.killedFor).toBeUndefined();
    if (stubborn.signalCode === null) await once(stubborn, 'exit');
    expect(stubborn.signalCode).toBe('SIGKILL');
  });
});

import { put, type RangePage, transaction } from '@app/etcd';
import { pause, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { documentOf, FakeHost, JobsFixture, presenceOf, START } from '../../../../test/support/jobs-fixture.js';
import type { StartOrder } from '../running/run-host.js';
import { writeCursor } from '../store/cursor.js';
import { WorkerEngine } from './worker-engine.js';

const MINUTE = 60_000;
/** More than a page of a list. */
const MANY = 1_100;
/** The registry is not the engine's to close. */
const RELIST_OF_JOBS = 1;

/** Jobs come in pages; the second one comes when the test says so. */
describe('a worker that is still reading the jobs', () => {
  let room: JobsFixture;
  let host: FakeHost;
  let engine: WorkerEngine;
  let readOn: () => void;
  let started: Promise<void>;

  beforeEach(async () => {
    room = new JobsFixture();
    host = new FakeHost();
    const { store, keys, clock, registry, recorder } = room;
    const fillers = Array.from({ length: MANY }, (_, index) =>
      transaction(
        [],
        [put(keys.job(`b-${index}`), JSON.stringify(documentOf({ name: `b-${index}`, cronExpr: null })))],
      ),
    );
    await store.transactAll(fillers);
    await Promise.all(['a-first', 'z-last'].map(decidedJob));
    const rest = new Promise<void>((resolve) => {
      readOn = resolve;
    });
    const range = store.range.bind(store);
    vi.spyOn(store, 'range').mockImplementation(async (prefix, options): Promise<RangePage> => {
      if (prefix === keys.jobs && options?.after !== undefined) await rest;
      return range(prefix, options);
    });
    engine = new WorkerEngine({
      ...{ store, keys, clock, registry, recorder, host, log: silentLog },
      buildOrder: (_definition, { runId, jobName }) => ({ runId, jobName }) as StartOrder,
      onOutput: () => {},
      presence: presenceOf('w1'),
      ownsFolder: true,
      earlier: { runs: [], sessions: [], proven: true },
      drainMs: 0,
      closeHost: (graceMs) => pause(clock, graceMs),
      vitals: () => ({ load: 0, loopStallMs: 0, spoolBytes: 0 }),
    });
  });

  afterEach(async () => {
    readOn();
    const stopped = engine.stop();
    await room.clock.advanceAsync(MINUTE);
    await Promise.all([stopped, started]);
    await room.close();
  });

  async function decidedJob(name: string): Promise<void> {
    const { createRevision, fingerprint } = await room.putJob({ name, concurrencyPolicy: 'allow' });
    const cursor = { at: START, generation: createRevision, fingerprint, runs: 0, resets: 0 };
    await room.put(room.keys.cursor(name), writeCursor(cursor));
  }
  async function start(): Promise<void> {
    started = engine.start();
    await room.settle();
  }
  const names = (): string[] => host.started.map(({ jobName }) => jobName);

  it('fires what it knows when nobody else is there, and the rest, late fires too, once it knows that', async () => {
    await start();
    await room.clock.advanceAsync(MINUTE);
    expect(names()).toEqual(['a-first']);
    readOn();
    await room.clock.advanceAsync(1_000);
    expect(names()).toEqual(['a-first', 'z-last']);
    await room.clock.advanceAsync(MINUTE);
    expect(names().sort()).toEqual(['a-first', 'a-first', 'z-last', 'z-last']);
  });

  it('joins others only once it knows all', async () => {
    await room.join('w2');
    await start();
    await room.clock.advanceAsync(MINUTE);
    expect(await room.has(room.keys.worker('w1'))).toBe(false);
    readOn();
    await room.settle();
    expect(await room.has(room.keys.worker('w1'))).toBe(true);
  });

  it('leaves when it is told to', async () => {
    await start();
    const stopped = engine.stop();
    await room.clock.advanceAsync(MINUTE);
    await stopped;
    readOn();
    await started;
    await room.settle();
    expect(await room.has(room.keys.worker('w1'))).toBe(false);
    expect(room.clock.pendingTimers).toBe(RELIST_OF_JOBS);
  });
});

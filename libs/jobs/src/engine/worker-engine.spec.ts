import { pause, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endOf, entryOf, FakeHost, JobsFixture, presenceOf, START } from '../../../../test/support/jobs-fixture.js';
import type { StartOrder, Testimony } from '../running/run-host.js';
import { readBeat } from '../store/presence.js';
import type { ProcessVitals } from './engine-options.js';
import { WorkerEngine } from './worker-engine.js';

const MINUTE = 60_000;
/** A run of the life before, which the store knows nothing of any more. */
const LEFT: Testimony = { runId: 'left', jobName: 'tick', session: 'dead', state: 'killed' };
/** One that was never started, and is in time still. */
const LATE: Testimony = { ...LEFT, runId: 'late', state: 'neverStarted' };

describe('what a worker tells of itself', () => {
  let room: JobsFixture;
  let host: FakeHost;
  let engine: WorkerEngine;
  let process: ProcessVitals;

  beforeEach(async () => {
    room = new JobsFixture();
    host = new FakeHost();
    process = { load: 0.25, loopStallMs: 12, spoolBytes: 0 };
    const { store, keys, clock, registry, recorder } = room;
    engine = new WorkerEngine({
      ...{ store, keys, clock, registry, recorder, host, log: silentLog },
      buildOrder: (_definition, { runId }) => ({ runId }) as StartOrder,
      onOutput: () => {},
      presence: presenceOf('w1'),
      ownsFolder: true,
      earlier: { runs: [LEFT], sessions: [LEFT.session], proven: true },
      drainMs: 0,
      closeHost: (graceMs) => pause(clock, graceMs),
      vitals: () => process,
    });
    void engine.start();
    await room.settle();
    await room.putJob({ name: 'tick' });
  });

  afterEach(async () => {
    const stopped = engine.stop();
    await room.clock.advanceAsync(MINUTE);
    await stopped;
    await room.close();
  });

  const beat = async () => {
    const entry = await room.store.get(room.keys.beat('w1'));
    return entry && readBeat(entry.value);
  };
  /** The fire that is under way starts so late, and ends at once. */
  const run = (scheduledTime: number, latenessMs: number): void => {
    const { runId } = host.started.at(-1) as StartOrder;
    host.told.started(runId, 7, scheduledTime + latenessMs);
    host.told.ended(endOf({ runId, startTime: scheduledTime + latenessMs, endTime: scheduledTime + latenessMs }));
  };

  it('tells its host what of the life before is settled, so that no journal carries it on', () => {
    expect(host.ended).toEqual(['left']);
  });

  it('does not settle what it has just started again', async () => {
    const { createRevision } = await room.definition('tick');
    await room.putRun(entryOf({ runId: LATE.runId, session: LATE.session, jobGeneration: createRevision }));
    const again = new FakeHost();
    const second = new WorkerEngine({
      ...{ store: room.store, keys: room.keys, clock: room.clock, recorder: room.recorder, log: silentLog },
      ...{ registry: room.registry, host: again, presence: presenceOf('w1', { boot: 'second' }), ownsFolder: true },
      buildOrder: (_definition, { runId }) => ({ runId }) as StartOrder,
      onOutput: () => {},
      earlier: { runs: [LEFT, LATE], sessions: [LEFT.session], proven: true },
      drainMs: 0,
      closeHost: async () => {},
      vitals: () => process,
    });
    const started = second.start();
    await room.clock.advanceAsync(1_000);
    expect(again.started.map(({ runId }) => runId)).toEqual(['late']);
    expect(again.ended).toEqual(['left']);
    again.told.ended(endOf({ runId: 'late' }));
    const stopped = second.stop();
    await room.clock.advanceAsync(MINUTE);
    await Promise.all([started, stopped]);
  });

  it('counts its fires, its claims and what it writes for them', async () => {
    const before = engine.stats.writeRequests;
    for (let minute = 1; minute <= 3; minute++) {
      await room.clock.advanceAsync(MINUTE);
      run(START + minute * MINUTE, 40);
    }
    await room.clock.advanceAsync(3000);
    const { claims, fires, lateness, writes, writeRequests } = engine.stats;
    expect(fires).toEqual({ claimed: 3, caughtUp: 0, skipped: 0, missed: 0 });
    // The adoption of the job is one as well.
    expect(claims).toEqual({ accepted: 4, decided: 0, refused: 0 });
    expect({ sum: lateness.sum, fires: lateness.counts[3] }).toEqual({ sum: 120, fires: 3 });
    expect(writes).toMatchObject({ claims: { sent: 4, unanswered: 0 }, finishes: { sent: 3 }, deletes: { sent: 3 } });
    expect(writeRequests.runs).toBe(10);
    expect(writeRequests.beats - before.beats).toBe(61);
    expect(writeRequests.leases - before.leases).toBe(61);
  });

  it('tells in its beats how it did in the last minute', async () => {
    await room.clock.advanceAsync(MINUTE);
    run(START + MINUTE, 2600);
    const facts = { loopStallMs: 340, loopWaitMs: 300, spoolBytes: 4096, historyAwaySince: START + 1000 };
    process = { load: 0.5, ...facts };
    await room.clock.advanceAsync(3000);
    const fire = { fires: 1, latenessP99Ms: 2600, latenessMaxMs: 2600, claims: 1, refused: 0, writeRequests: 3 };
    expect(await beat()).toMatchObject({
      load: 0.5,
      vitals: { ...fire, watchLagMs: 0, ...facts },
    });
    await room.clock.advanceAsync(MINUTE + 3000);
    expect((await beat())?.vitals).toMatchObject({ fires: 0, latenessMaxMs: 0 });
  });
});

import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, type JobFields, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import type { RunEntry } from '../store/run-entry.js';
import { takeCensus } from './census.js';
import { LostRuns } from './lost-runs.js';

describe('runs whose worker vanished', () => {
  let room: JobsFixture;
  let lost: LostRuns;

  beforeEach(async () => {
    room = new JobsFixture();
    const { keys, clock, courier, registry, delivery, stopping } = room;
    lost = new LostRuns(keys, clock, silentLog, courier, registry, delivery, stopping.signal);
    await room.start();
  });

  afterEach(() => room.close());

  const look = async (): Promise<void> => {
    await lost.look(await takeCensus(room.store, room.keys));
    await room.settle();
  };
  const lookAfter = async (ms: number): Promise<void> => {
    await room.clock.advanceAsync(ms);
    await look();
  };
  /** A job and a live run of it that holds the lock, by a session that is not there. */
  const orphan = async (fields: Partial<JobFields> = {}, changes: Partial<RunEntry> = {}): Promise<void> => {
    const { createRevision, revision } = await room.putJob({ name: 'tick', ...fields });
    const job = { jobGeneration: createRevision, jobRevision: revision };
    await room.putRun(entryOf({ lockSlot: 0, state: 'running', startTime: START + 1, ...job, ...changes }));
  };

  it('are lost sixty seconds after they were first seen so, which frees the lock in the same transaction', async () => {
    await orphan();
    await look();
    await lookAfter(59_999);
    expect(await room.runOf('tick', 'run-1')).toMatchObject({ state: 'running' });
    await lookAfter(1);
    const run = await room.store.get(room.keys.run('tick', 'run-1'));
    expect(await room.runOf('tick', 'run-1')).toMatchObject({
      state: 'finished',
      result: { status: 'lost', reason: 'workerVanished', startTime: START + 1, endTime: START + 60_000 },
    });
    expect(await room.has(room.keys.lock('tick'))).toBe(false);
    expect((await room.store.range(room.keys.locks)).revision).toBe(run?.modRevision);
    expect(room.recorder.recorded).toMatchObject([{ id: 'run-1', status: 'lost', worker: 'w1' }]);
    await room.clock.advanceAsync(1000);
    expect(await room.runsOf('tick')).toEqual([]);
  });

  it.each<[string, Partial<JobFields>, number]>([
    ['as long as the job says', { lostAfterSeconds: 5 }, 5000],
    ['longer where the job says so', { lostAfterSeconds: 300 }, 300_000],
  ])('are waited for %s', async (_what, fields, lostAfterMs) => {
    await orphan(fields);
    await look();
    await lookAfter(lostAfterMs - 1);
    expect(room.recorder.recorded).toEqual([]);
    await lookAfter(1);
    expect(room.recorder.recorded).toHaveLength(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['was edited', () => room.putJob({ name: 'tick', lostAfterSeconds: 5 })],
    ['was deleted', () => room.delete(room.keys.job('tick'))],
  ])('are waited for as long as they were claimed for, though the job %s since', async (_what, change) => {
    await orphan({ lostAfterSeconds: 300 }, { lostAfterSeconds: 300 });
    await change();
    await look();
    await lookAfter(299_999);
    expect(room.recorder.recorded).toEqual([]);
    await lookAfter(1);
    expect(room.recorder.recorded).toHaveLength(1);
  });

  it('are ended though the store will never take the end of another', async () => {
    await orphan();
    await room.putJob({ name: 'poison' });
    await room.putRun(entryOf({ jobName: 'poison', runId: 'run-2', state: 'running', startTime: START + 1 }));
    room.refuse(room.keys.run('poison', 'run-2'));
    await look();
    await lookAfter(60_000);
    await lookAfter(1000);
    expect(room.recorder.recorded).toMatchObject([{ id: 'run-1', status: 'lost' }]);
    expect(await room.runOf('poison', 'run-2')).toMatchObject({ state: 'running' });
  });

  it('are not counted from a time before we ourselves saw the session absent', async () => {
    await orphan();
    await room.clock.advanceAsync(3_600_000);
    await look();
    expect(room.recorder.recorded).toEqual([]);
    await lookAfter(30_000);
    lost.reset();
    await lookAfter(59_000);
    expect(room.recorder.recorded).toEqual([]);
    await lookAfter(60_000);
    expect(room.recorder.recorded).toHaveLength(1);
  });

  it('are left alone while their session is there, and counted anew when it goes again', async () => {
    const { session, sessionRevision } = await room.join('w1');
    await orphan({}, { session, sessionRevision });
    await look();
    await lookAfter(120_000);
    expect(await room.runOf('tick', 'run-1')).toMatchObject({ state: 'running' });
    await room.store.revokeLease(session);
    await look();
    await lookAfter(59_000);
    expect(await room.runOf('tick', 'run-1')).toMatchObject({ state: 'running' });
  });

  it.each<[string, Partial<JobFields>, Partial<RunEntry>, boolean]>([
    ['one that asks for it', { onLost: 'retry' }, {}, true],
    ['one that does not', {}, {}, false],
    ['one that was killed', { onLost: 'retry' }, { kill: { by: 'ann', why: 'no', at: START } }, false],
    ['another one of the same name', { onLost: 'retry' }, { jobGeneration: 1_000 }, false],
  ])('are tried again where the job is %s', async (_what, fields, changes, isRetried) => {
    await orphan(fields, changes);
    await look();
    await lookAfter(60_000);
    expect(await room.requestsOf('tick')).toMatchObject(
      isRetried ? [{ trigger: 'retry', attempt: 2, rootRunId: 'run-1', scheduledTime: START }] : [],
    );
    expect(room.recorder.recorded).toMatchObject([{ status: 'lost' }]);
  });

  it('are lost after sixty seconds where the job is gone, without another attempt', async () => {
    await orphan({ onLost: 'retry', lostAfterSeconds: 5 });
    await room.delete(room.keys.job('tick'));
    await look();
    await lookAfter(59_999);
    expect(room.recorder.recorded).toEqual([]);
    await lookAfter(1);
    expect(room.recorder.recorded).toMatchObject([{ status: 'lost' }]);
    expect(await room.requestsOf('tick')).toEqual([]);
  });

  it('are not waited for as another job of the same name says', async () => {
    await orphan({ lostAfterSeconds: 5 }, { jobGeneration: 1_000 });
    await look();
    await lookAfter(59_999);
    expect(room.recorder.recorded).toEqual([]);
    await lookAfter(1);
    expect(room.recorder.recorded).toHaveLength(1);
  });

  it('are recorded after five seconds where they had ended, and forgotten then', async () => {
    await orphan({}, { state: 'finished', result: { status: 'failed', reason: 'exit: 2' } });
    await look();
    await lookAfter(4999);
    expect(room.recorder.recorded).toEqual([]);
    await lookAfter(1);
    expect(room.recorder.recorded).toMatchObject([{ id: 'run-1', status: 'failed', reason: 'exit: 2' }]);
    await room.clock.advanceAsync(250);
    expect(await room.runsOf('tick')).toEqual([]);
  });

  it('are handed to history once, however long it takes', async () => {
    room.recorder.mode = 'silent';
    await orphan({}, { state: 'finished', result: { status: 'succeeded' } });
    await look();
    for (let count = 0; count < 5; count++) await lookAfter(10_000);
    expect(room.recorder.recorded).toHaveLength(1);
    expect(await room.runsOf('tick')).toHaveLength(1);
  });

  it('are left to whoever changed them meanwhile', async () => {
    await orphan();
    await look();
    await room.clock.advanceAsync(60_000);
    const census = await takeCensus(room.store, room.keys);
    await room.putRun(entryOf({ state: 'finished', result: { status: 'succeeded' } }));
    await lost.look(census);
    expect(await room.runOf('tick', 'run-1')).toMatchObject({ result: { status: 'succeeded' } });
    expect(room.recorder.recorded).toEqual([]);
  });
});

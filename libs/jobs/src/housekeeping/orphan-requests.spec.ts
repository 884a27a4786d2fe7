import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JobFields, JobsFixture, requestOf, START } from '../../../../test/support/jobs-fixture.js';
import type { RequestEntry } from '../store/request-entry.js';
import { OrphanRequests } from './orphan-requests.js';

const MINUTE = 60_000;

describe('requests that no worker may take', () => {
  let room: JobsFixture;
  let orphans: OrphanRequests;

  beforeEach(async () => {
    room = new JobsFixture();
    const { store, keys, clock, registry, fleet, delivery } = room;
    const self = { worker: 'm1', session: '', sessionRevision: 0 };
    orphans = new OrphanRequests(store, keys, clock, registry, fleet, delivery, self);
    await room.start();
  });

  afterEach(() => room.close());

  const lookAfter = async (ms: number): Promise<void> => {
    await room.clock.advanceAsync(ms);
    await orphans.look();
    await room.settle();
  };
  const ask = async (changes: Partial<RequestEntry> = {}, fields: Partial<JobFields> = {}): Promise<void> => {
    const { createRevision } = await room.putJob({ name: 'tick', ...fields });
    await room.putRequest(requestOf({ jobGeneration: createRevision, ...changes }));
  };

  it.each<[string, Partial<JobFields>, number]>([
    ['sixty seconds', {}, MINUTE],
    ["the job's own deadline", { startingDeadlineSeconds: 5 }, 5000],
  ])('are missed after %s, under the id they were promised', async (_what, fields, deadlineMs) => {
    await ask({}, fields);
    await lookAfter(0);
    await lookAfter(deadlineMs - 1);
    expect(await room.requestsOf('tick')).toHaveLength(1);
    await lookAfter(1);
    expect(await room.requestsOf('tick')).toEqual([]);
    expect(room.recorder.recorded).toMatchObject([
      { id: 'wish-1', trigger: 'manual', status: 'missed', reason: 'noEligibleWorker', worker: 'm1' },
    ]);
  });

  it.each<[string, Partial<RequestEntry>, boolean]>([
    ['any worker', {}, false],
    ['this worker', { worker: 'w1' }, false],
    ['a worker that is not there', { worker: 'w9' }, true],
  ])('are those alone that nobody can take: %s may', async (_what, changes, isEnded) => {
    await room.join('w1');
    await ask(changes);
    await lookAfter(0);
    await lookAfter(2 * MINUTE);
    expect(await room.requestsOf('tick')).toHaveLength(isEnded ? 0 : 1);
  });

  it('are counted from when they may be taken', async () => {
    await ask({ notBefore: START + 10 * MINUTE });
    await lookAfter(0);
    await lookAfter(10 * MINUTE);
    expect(await room.requestsOf('tick')).toHaveLength(1);
    await lookAfter(MINUTE);
    expect(await room.requestsOf('tick')).toEqual([]);
  });

  it('are counted anew after a worker was there, or we could not see', async () => {
    await ask();
    await lookAfter(0);
    await room.clock.advanceAsync(30_000);
    const { session } = await room.join('w1');
    await lookAfter(0);
    await room.store.revokeLease(session);
    await lookAfter(45_000);
    orphans.reset();
    await lookAfter(45_000);
    await lookAfter(MINUTE - 1);
    expect(await room.requestsOf('tick')).toHaveLength(1);
    await lookAfter(1);
    expect(await room.requestsOf('tick')).toEqual([]);
  });

  it.each<[string, (room: JobsFixture) => Promise<unknown>]>([
    ['is gone', (room) => room.delete(room.keys.job('tick'))],
    [
      'is another one of the name',
      async (room) => {
        await room.delete(room.keys.job('tick'));
        await room.putJob({ name: 'tick' });
      },
    ],
  ])('are cancelled when the job %s', async (_what, change) => {
    await ask();
    await change(room);
    await lookAfter(0);
    await lookAfter(MINUTE);
    expect(room.recorder.recorded).toMatchObject([{ status: 'cancelled', reason: 'jobDeleted' }]);
    expect(await room.requestsOf('tick')).toEqual([]);
  });

  it('are left alone when they say nothing', async () => {
    await room.put(room.keys.request('tick', 'x'), 'garbage');
    await lookAfter(0);
    await lookAfter(2 * MINUTE);
    expect(await room.has(room.keys.request('tick', 'x'))).toBe(true);
  });
});

import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, JobsFixture, requestOf, START } from '../../../../test/support/jobs-fixture.js';
import { writeKillOrder } from '../store/kill-order.js';
import { KillWatch } from './kill-watch.js';

describe('the watch for kills', () => {
  let room: JobsFixture;
  let watch: KillWatch;
  let told: unknown[];

  beforeEach(() => {
    room = new JobsFixture();
    told = [];
    watch = new KillWatch(room.store, room.keys, room.clock, silentLog, (jobName, order, revision) =>
      told.push({ jobName, order, revision }),
    );
  });

  afterEach(async () => {
    watch.mirror.close();
    await room.close();
  });

  const order = { by: 'ann', why: 'stuck' };
  const kill = (value = writeKillOrder(order)): Promise<number> => room.put(room.keys.killer('tick'), value);

  it('tells each kill with its revision: those that stand, and those that come', async () => {
    const first = await kill();
    await watch.mirror.start();
    const second = await kill(writeKillOrder({ ...order, runId: 'run-1' }));
    const third = await kill('');
    expect(told).toEqual([
      { jobName: 'tick', order, revision: first },
      { jobName: 'tick', order: { ...order, runId: 'run-1' }, revision: second },
      { jobName: 'tick', order: { by: 'etcd', why: 'killer key' }, revision: third },
    ]);
  });

  it('tells nothing when a kill is removed', async () => {
    await kill();
    await watch.mirror.start();
    await room.delete(room.keys.killer('tick'));
    expect(told).toHaveLength(1);
    expect(watch.killFor(entryOf(), 0)).toBeUndefined();
  });

  it.each([
    ['a run claimed before it', {}, -1, true],
    ['a run claimed after it', {}, 1, false],
    ['the run it names, whenever claimed', { runId: 'run-1' }, 1, true],
    ['another run than it names', { runId: 'run-2' }, -1, false],
  ])('means, or does not mean, %s', async (_what, changes, claimedAfter, isMeant) => {
    await watch.mirror.start();
    const revision = await kill(writeKillOrder({ ...order, ...changes }));
    const found = watch.killFor(entryOf(), revision + claimedAfter);
    expect(found).toEqual(isMeant ? { order: { ...order, ...changes }, at: START } : undefined);
    expect(watch.killFor(entryOf({ jobName: 'tock' }), 0)).toBeUndefined();
  });

  it('cancels requests that are older than a kill of the job, and knows that kill', async () => {
    await watch.mirror.start();
    expect(watch.revisionOf('tick')).toBe(0);
    const revision = await kill();
    expect(watch.revisionOf('tick')).toBe(revision);
    const request = requestOf({ trigger: 'backfill' });
    expect(watch.killOf(request, revision - 1)).toEqual(order);
    expect(watch.killOf(request, revision + 1)).toBeUndefined();
    expect(watch.killOf({ ...request, jobName: 'tock' }, 1)).toBeUndefined();
  });

  it.each([
    ['a run that was claimed before a kill of the job, and ended after it', {}, -1, true],
    ['a run that was claimed after a kill of the job', {}, 1, false],
    ['the run a kill names', { runId: 'run-1' }, -1, true],
    ['another run than a kill names', { runId: 'run-2' }, -1, false],
  ])('cancels, or does not cancel, the retry of %s', async (_what, changes, claimedAfter, isCancelled) => {
    await watch.mirror.start();
    const revision = await kill(writeKillOrder({ ...order, ...changes }));
    const after = { runId: 'run-1', fenceRevision: revision + claimedAfter };
    const found = watch.killOf(requestOf({ trigger: 'retry', after }), revision + 5);
    expect(found).toEqual(isCancelled ? { ...order, ...changes } : undefined);
  });
});

import { Compacted } from '@app/etcd';
import { StoreUnavailable, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, JobsFixture } from '../../../../test/support/jobs-fixture.js';
import { Auditor } from './auditor.js';

describe('the audit of runs that are ours', () => {
  let room: JobsFixture;
  let auditor: Auditor;
  let adopted: string[];
  let killed: string[];
  let known: Set<string>;

  beforeEach(async () => {
    room = new JobsFixture();
    await room.start();
    adopted = [];
    killed = [];
    known = new Set();
    const { store, keys, clock } = room;
    auditor = new Auditor(store, keys, clock, silentLog, {
      current: () => ({ worker: 'w1', session: entryOf().session, sessionRevision: 1 }),
      knows: (runId) => known.has(runId),
      killed: (runId, { why }) => killed.push(`${runId}: ${why}`),
      isInFlight: () => false,
      adopt: ({ entry }) => adopted.push(entry.runId),
    });
    auditor.start();
  });

  afterEach(async () => {
    auditor.stop();
    await room.close();
  });

  it('finds a kill whose order was never heard', async () => {
    known.add('run-1').add('run-2');
    const kill = { by: 'ann', why: 'stuck', at: 1 };
    await room.putRun(entryOf({ runId: 'run-1', state: 'running', kill }));
    await room.putRun(entryOf({ runId: 'run-2', state: 'running' }));
    await room.clock.advanceAsync(15_000);
    await room.settle();
    expect([killed, adopted]).toEqual([['run-1: stuck'], []]);
  });

  it.each([
    ['is compacted away under it', new Compacted(7)],
    ['does not come, for the store is away', new StoreUnavailable('range', 'notDone', new Error('away'))],
  ])('is made again when its list %s', async (_what, error) => {
    await room.putRun(entryOf({ state: 'running' }));
    const { range } = room.store;
    room.store.range = async () => {
      throw error;
    };
    await room.clock.advanceAsync(15_000);
    await room.settle();
    expect(adopted).toEqual([]);
    room.store.range = range;
    await room.clock.advanceAsync(15_000);
    await room.settle();
    expect(adopted).toEqual(['run-1']);
  });
});

import { StoreRefused } from '@app/etcd';
import { StoreUnavailable, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, JobsFixture } from '../../../../test/support/jobs-fixture.js';
import { writeLockHolder } from '../store/run-entry.js';
import { Housekeeper, type HousekeeperOptions } from './housekeeper.js';

const MINUTE = 60_000;

describe('the housekeeper', () => {
  let room: JobsFixture;
  let keeper: Housekeeper;
  let isOurTurn: boolean;

  beforeEach(async () => {
    room = new JobsFixture();
    isOurTurn = true;
    await room.start();
    keeper = make();
  });

  afterEach(async () => {
    await keeper.stop();
    await room.close();
  });

  const make = (changes: Partial<HousekeeperOptions> = {}): Housekeeper => {
    const { store, keys, clock, registry, fleet, delivery } = room;
    return new Housekeeper({
      store,
      keys,
      clock,
      log: silentLog,
      registry,
      fleet,
      delivery,
      id: 'm1',
      isOurTurn: async () => isOurTurn,
      isWhole: true,
      compacts: true,
      ...changes,
    });
  };
  const orphan = async (): Promise<void> => {
    const { createRevision } = await room.putJob({ name: 'tick', lostAfterSeconds: 10, cronExpr: null });
    await room.putRun(entryOf({ lockSlot: 0, jobGeneration: createRevision }));
  };
  const isHeld = (): Promise<boolean> => room.has(room.keys.lock('tick'));

  it('ends what is lost, looking every two seconds', async () => {
    await orphan();
    keeper.start();
    await room.clock.advanceAsync(11_999);
    expect(await isHeld()).toBe(true);
    await room.clock.advanceAsync(1);
    expect(await isHeld()).toBe(false);
    expect(room.recorder.recorded).toMatchObject([{ status: 'lost' }]);
  });

  it('does nothing while it is not our turn, and believes nothing it saw in an earlier one', async () => {
    await orphan();
    keeper.start();
    await room.clock.advanceAsync(8000);
    isOurTurn = false;
    await room.clock.advanceAsync(MINUTE);
    expect(await isHeld()).toBe(true);
    isOurTurn = true;
    await room.clock.advanceAsync(10_000);
    expect(await isHeld()).toBe(true);
    await room.clock.advanceAsync(4000);
    expect(await isHeld()).toBe(false);
  });

  it('ends what is lost though the store refuses all it is asked to tidy up, every minute anew', async () => {
    room.store.status = async () => {
      throw new StoreRefused('ask for the status', 'permission denied');
    };
    const { createRevision } = await room.putJob({ name: 'tick', lostAfterSeconds: 300, cronExpr: null });
    await room.putRun(entryOf({ lockSlot: 0, jobGeneration: createRevision, lostAfterSeconds: 300 }));
    keeper.start();
    await room.clock.advanceAsync(5 * MINUTE);
    expect(await isHeld()).toBe(true);
    await room.clock.advanceAsync(4000);
    expect(await isHeld()).toBe(false);
  });

  it('goes on when the store comes back, and counts anew what it could not see', async () => {
    await orphan();
    keeper.start();
    await room.clock.advanceAsync(8000);
    const range = room.store.range.bind(room.store);
    room.store.range = async () => {
      throw new StoreUnavailable('range', 'notDone');
    };
    await room.clock.advanceAsync(MINUTE);
    room.store.range = range;
    await room.clock.advanceAsync(10_000);
    expect(await isHeld()).toBe(true);
    await room.clock.advanceAsync(4000);
    expect(await isHeld()).toBe(false);
  });

  it('frees a lock that no live run holds within a few seconds', async () => {
    const holder = { runId: 'gone', worker: 'w1', session: 's1', sessionRevision: 1 };
    await room.put(room.keys.lock('tick'), writeLockHolder(holder));
    keeper.start();
    await room.clock.advanceAsync(4000);
    expect(await isHeld()).toBe(false);
  });

  it.each([
    ['a leader', true, false],
    ['a worker that stands in for one', false, true],
  ])('removes old kill orders as %s, or leaves them', async (_who, isWhole, isLeft) => {
    keeper = make({ isWhole });
    await room.put(room.keys.killer('tick'), '');
    keeper.start();
    await room.clock.advanceAsync(12 * MINUTE);
    expect(await room.has(room.keys.killer('tick'))).toBe(isLeft);
  });

  it('stops within its round, leaving no timer of its own', async () => {
    const before = room.clock.pendingTimers;
    keeper.start();
    await room.clock.advanceAsync(5000);
    await keeper.stop();
    expect(room.clock.pendingTimers).toBe(before);
  });
});

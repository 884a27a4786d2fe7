import { MemoryStore, StoreRefused, type StoreStatus } from '@app/etcd';
import { Keys } from '@app/jobs';
import { ManualClock } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { transact } from '../auth/store-calls.js';
import { StoreGrowthWatch } from './store-growth-watch.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A store whose file is as large as the test says. */
class SizedStore extends MemoryStore {
  inUseBytes = 1000;

  override async status(): Promise<StoreStatus> {
    return { ...(await super.status()), dbInUseBytes: this.inUseBytes };
  }
}

describe('the watch over the growth of the store', () => {
  let clock: ManualClock;
  let store: SizedStore;
  let watch: StoreGrowthWatch;

  beforeEach(async () => {
    clock = new ManualClock({ now: NOON });
    store = new SizedStore(clock);
    watch = new StoreGrowthWatch(store, new Keys('/cron'), clock);
    await write();
    watch.start();
  });
  afterEach(async () => {
    watch.stop();
    expect(clock.pendingTimers).toBe(0);
    await store.close();
  });

  const write = () =>
    transact(store, { compare: [], then: [{ kind: 'put', key: '/cron/x', value: String(clock.now()) }] });
  /** Lets time pass with a write every ten minutes, and a compaction like a leader's where somebody does it. */
  const live = async (ms: number, isCompacted: boolean): Promise<void> => {
    const revisions: number[] = [];
    for (let passed = 0; passed < ms; passed += 10 * MINUTE) {
      await write();
      store.inUseBytes += 100;
      revisions.push((await store.status()).revision);
      const hourAgo = revisions.at(-7);
      if (isCompacted && hourAgo !== undefined) await store.compact(hourAgo);
      await clock.advanceAsync(10 * MINUTE);
    }
  };

  it('knows nothing of a store that does not tell its size to everybody, and ends nothing over it', async () => {
    const asked = vi.spyOn(store, 'status').mockRejectedValue(new StoreRefused('status', 'permission denied'));
    await clock.advanceAsync(HOUR);
    expect(asked).toHaveBeenCalled();
    expect(watch.growth).toBeUndefined();
  });

  it('tells nothing before three hours have passed', async () => {
    await live(3 * HOUR - 10 * MINUTE, false);
    expect(watch.growth).toBeUndefined();
  });

  it('tells what the store grew by in the last three hours while nobody compacted it', async () => {
    await live(3 * HOUR, false);
    expect(watch.growth).toEqual({ since: NOON, overMs: 3 * HOUR, grownBytes: 1800 });
    await live(2 * HOUR, false);
    expect(watch.growth).toEqual({ since: NOON + 2 * HOUR, overMs: 3 * HOUR, grownBytes: 1800 });
  });

  it('tells nothing where somebody compacts, and no longer once somebody did', async () => {
    await live(4 * HOUR, true);
    expect(watch.growth).toBeUndefined();
    await live(4 * HOUR, false);
    expect(watch.growth).toBeDefined();
    await store.compact((await store.status()).revision);
    await clock.advanceAsync(10 * MINUTE);
    expect(watch.growth).toBeUndefined();
  });
});

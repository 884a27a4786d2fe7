import { LeaseLost, ManualClock, pause, StoreUnavailable, silentLog } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { act } from '../contract/store-under-test.js';
import { MemoryStore } from '../memory/memory-store.js';
import { put } from '../port/transaction.js';
import { LeaseKeeper } from './lease-keeper.js';

/** A memory store whose keep-alives can be lost on the way, either way, or be slow. */
class FarStore extends MemoryStore {
  keepAlives = 0;
  isAway = false;
  answerDelayMs = 0;
  answersLost = false;

  constructor(private readonly farClock: ManualClock) {
    super(farClock);
  }

  override async keepAlive(lease: string): Promise<void> {
    this.keepAlives++;
    if (this.isAway) throw new StoreUnavailable('keepAlive', 'unknown');
    await super.keepAlive(lease);
    if (this.answerDelayMs > 0) await pause(this.farClock, this.answerDelayMs);
    if (this.answersLost) throw new StoreUnavailable('keepAlive', 'unknown');
  }
}

describe('LeaseKeeper', () => {
  let clock: ManualClock;
  let store: FarStore;
  let told: string[];

  beforeEach(() => {
    clock = new ManualClock();
    store = new FarStore(clock);
    told = [];
  });

  function grant(): Promise<LeaseKeeper> {
    return LeaseKeeper.grant(
      { store, clock, log: silentLog },
      {
        suspended: () => told.push(`suspended at ${clock.monotonic()}`),
        resumed: () => told.push(`resumed at ${clock.monotonic()}`),
        lost: () => told.push(`lost at ${clock.monotonic()}`),
      },
    );
  }

  it('keeps the lease, and the right, for as long as the store answers', async () => {
    const keeper = await grant();
    await act(store, put('/w', 'x', keeper.lease));
    await clock.advanceAsync(60_000);
    expect(keeper.isValid).toBe(true);
    expect(store.keepAlives).toBe(20);
    expect(await store.get('/w')).toBeDefined();
    expect(told).toEqual([]);
    await keeper.stop();
    expect(keeper.isValid).toBe(false);
    expect(await store.get('/w')).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends the right 8 s after the last acknowledged keep-alive was sent, 2 s before the store ends the lease', async () => {
    const keeper = await grant();
    await act(store, put('/w', 'x', keeper.lease));
    await clock.advanceAsync(3_000);
    store.isAway = true;
    await clock.advanceAsync(7_999);
    expect(keeper.isValid).toBe(true);
    await clock.advanceAsync(1);
    expect(keeper.isValid).toBe(false);
    expect(told).toEqual(['suspended at 11000']);
    expect(await store.get('/w')).toBeDefined();
    await clock.advanceAsync(2_000);
    expect(await store.get('/w')).toBeUndefined();
  });

  it('counts from the sending, not from the answer', async () => {
    store.answerDelayMs = 2_500;
    const keeper = await grant();
    await clock.advanceAsync(5_500);
    expect(keeper.deadline).toBe(3_000 + 8_000);
  });

  it('trusts no keep-alive whose answer was lost', async () => {
    store.answersLost = true;
    const keeper = await grant();
    await clock.advanceAsync(8_000);
    expect(keeper.isValid).toBe(false);
    store.answersLost = false;
    await clock.advanceAsync(1_000);
    expect(keeper.isValid).toBe(true);
    expect(told).toEqual(['suspended at 8000', 'resumed at 9000']);
  });

  it('says that the lease is lost when the store does, and keeps nothing any more', async () => {
    const keeper = await grant();
    await store.revokeLease(keeper.lease);
    await clock.advanceAsync(3_000);
    expect(told).toEqual(['suspended at 3000', 'lost at 3000']);
    expect(keeper.isValid).toBe(false);
    const { keepAlives } = store;
    await clock.advanceAsync(60_000);
    expect(store.keepAlives).toBe(keepAlives);
    expect(clock.pendingTimers).toBe(0);
    await keeper.stop();
  });

  it('comes back from a silence shorter than the lease, and is lost after a longer one', async () => {
    const keeper = await grant();
    store.isAway = true;
    await clock.advanceAsync(8_500);
    store.isAway = false;
    await clock.advanceAsync(1_000);
    expect(keeper.isValid).toBe(true);
    expect(told).toEqual(['suspended at 8000', 'resumed at 9000']);
    store.isAway = true;
    await clock.advanceAsync(30_000);
    store.isAway = false;
    await clock.advanceAsync(1_000);
    expect(told.slice(2)).toEqual(['suspended at 17000', 'lost at 40000']);
  });

  it('knows that the right is over before any timer had a chance to run', async () => {
    const keeper = await grant();
    const stopped = new ManualClock();
    expect(keeper.isValid).toBe(true);
    // A process that was stopped: time has passed, timers have not run.
    Object.defineProperty(clock, 'monotonic', { value: () => stopped.monotonic() + 8_000 });
    expect(keeper.isValid).toBe(false);
    expect(told).toEqual([]);
  });

  it('fails to be granted while the store is away', async () => {
    await store.close();
    await expect(grant()).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(store.keepAlive('m1')).rejects.not.toBeInstanceOf(LeaseLost);
  });
});

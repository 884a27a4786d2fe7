import { MemoryStore, put, transaction, type Watch, type WatchListener } from '@app/etcd';
import { ManualClock, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventHub, LINGER_MS } from './event-hub.js';

/** Knows its watches, and may be away. */
class WatchedStore extends MemoryStore {
  readonly opened: { listener: WatchListener; isOpen: boolean }[] = [];
  isAway = false;

  override watch(prefix: string, fromRevision: number, listener: WatchListener): Watch {
    const watch = super.watch(prefix, fromRevision, listener);
    const seen = { listener, isOpen: true };
    this.opened.push(seen);
    return {
      close: () => {
        seen.isOpen = false;
        watch.close();
      },
    };
  }

  override async range(...given: Parameters<MemoryStore['range']>): ReturnType<MemoryStore['range']> {
    if (this.isAway) throw new Error('away');
    return super.range(...given);
  }

  get open(): number {
    return this.opened.filter(({ isOpen }) => isOpen).length;
  }
}

describe('the hub of changes', () => {
  let clock: ManualClock;
  let store: WatchedStore;
  let hub: EventHub;

  beforeEach(() => {
    clock = new ManualClock();
    open();
  });
  afterEach(async () => {
    hub.stop();
    await store.close();
  });

  function open(historyLimit?: number): void {
    store = new WatchedStore(clock, { historyLimit });
    hub = new EventHub(store, '/cron', clock, silentLog);
  }

  async function write(name: string): Promise<number> {
    const [settled] = await store.transactAll([transaction([], [put(`/cron/jobs/${name}`, '{}')])]);
    if (!settled?.ok) throw new Error('not written');
    return settled.result.revision;
  }

  function listen(after?: number): { told: string[]; leave: () => void } {
    const told: string[] = [];
    const leave = hub.subscribe(
      {
        ready: (revision) => told.push(`ready ${revision}`),
        changed: ({ revision }) => told.push(`changed ${revision}`),
        reset: (revision) => told.push(`reset ${revision}`),
      },
      after,
    );
    return { told, leave };
  }

  it('watches nothing until somebody listens, and tells who came first only what comes from then on', async () => {
    const before = await write('a');
    await clock.advanceAsync(LINGER_MS);
    expect(store.opened).toEqual([]);
    const { told } = listen();
    await clock.advanceAsync(0);
    const after = await write('b');
    await expect.poll(() => told).toEqual([`ready ${before}`, `changed ${after}`]);
  });

  it('tells who comes back what it missed while nobody listened', async () => {
    const left = await write('a');
    const missed = [await write('b'), await write('c')];
    const { told } = listen(left);
    await expect.poll(() => told).toEqual([`ready ${missed[1]}`, ...missed.map((each) => `changed ${each}`)]);
    const { told: later } = listen(missed[0]);
    expect(later).toEqual([`ready ${missed[1]}`, `changed ${missed[1]}`]);
  });

  it('goes on listening for a minute after the last has left, and no longer', async () => {
    const first = listen();
    const second = listen();
    await clock.advanceAsync(0);
    first.leave();
    first.leave();
    await clock.advanceAsync(LINGER_MS);
    expect(store.open).toBe(1);
    second.leave();
    await clock.advanceAsync(LINGER_MS - 1);
    const third = listen();
    await clock.advanceAsync(LINGER_MS);
    expect(store.open).toBe(1);
    third.leave();
    await clock.advanceAsync(LINGER_MS);
    expect(store.open).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    const revision = await write('a');
    const { told } = listen(revision - 1);
    await expect.poll(() => told).toEqual([`ready ${revision}`, `changed ${revision}`]);
    expect(store.opened.length).toBe(2);
  });

  it('opens no watch for who left before the store answered', async () => {
    listen().leave();
    await clock.advanceAsync(LINGER_MS);
    expect(store.opened).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('makes who listens wait for a store that is away, and tries it each second', async () => {
    store.isAway = true;
    const { told } = listen();
    await clock.advanceAsync(3_000);
    expect(told).toEqual([]);
    store.isAway = false;
    const revision = await write('a');
    await clock.advanceAsync(1_000);
    expect(told).toEqual([`ready ${revision}`, `reset ${revision}`]);
  });

  it('is there at once for who comes, though each time it begins behind a compaction', async () => {
    await store.close();
    open(2);
    for (let visit = 0; visit < 10; visit++) {
      for (const name of ['a', 'b', 'c']) await write(name);
      const { told, leave } = listen();
      await clock.advanceAsync(0);
      const heard = await write('d');
      await clock.advanceAsync(0);
      expect(told).toEqual([`ready ${heard - 1}`, `changed ${heard}`]);
      leave();
      await clock.advanceAsync(LINGER_MS);
    }
  });

  it('tells everybody to read anew where a watch broke, and who came meanwhile is ready once', async () => {
    const { told } = listen();
    await clock.advanceAsync(0);
    store.isAway = true;
    store.opened[0]!.listener.startOver('broken');
    const { told: came } = listen();
    await clock.advanceAsync(0);
    store.isAway = false;
    const lost = await write('a');
    await clock.advanceAsync(1_000);
    const heard = await write('b');
    await expect.poll(() => told.slice(1)).toEqual([`reset ${lost}`, `changed ${heard}`]);
    expect(came).toEqual([`ready ${lost}`, `reset ${lost}`, `changed ${heard}`]);
    expect(store.open).toBe(1);
  });

  it('tells who comes back to read anew where what it missed is compacted, and goes on from there', async () => {
    await store.close();
    open(2);
    const [left] = [await write('a'), await write('b'), await write('c'), await write('d')];
    const present = await write('e');
    const { told } = listen(left);
    await clock.advanceAsync(0);
    const heard = await write('f');
    await expect.poll(() => told).toEqual([`ready ${present}`, `reset ${present}`, `changed ${heard}`]);
  });

  it('comes to rest where a watch broke and nobody listens any more', async () => {
    listen().leave();
    const { leave } = listen();
    await clock.advanceAsync(0);
    leave();
    store.opened[0]!.listener.startOver('broken');
    await clock.advanceAsync(LINGER_MS);
    expect(store.open).toBe(0);
    expect(store.opened.length).toBe(1);
  });
});

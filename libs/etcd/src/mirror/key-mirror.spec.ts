import { ManualClock, StoreUnavailable, silentLog } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../memory/memory-store.js';
import { RangeOptions, RangePage, Watch, WatchListener } from '../port/coordination-store.js';
import { del, put, transaction } from '../port/transaction.js';
import { KeyMirror, KeyMirrorOptions } from './key-mirror.js';
import { KeyChange } from './mirrored-keys.js';

/** A memory store whose lists can fail and whose watches can break or go deaf, as a network makes them. */
class UnsteadyStore extends MemoryStore {
  lists = 0;
  isAway = false;
  isDeaf = false;
  beforePage: () => Promise<void> = async () => {};
  private readonly listeners = new Set<WatchListener>();

  override async range(prefix: string, options: RangeOptions = {}): Promise<RangePage> {
    if (options.after === undefined) this.lists++;
    await this.beforePage();
    if (this.isAway) throw new StoreUnavailable('range', 'unknown');
    return super.range(prefix, options);
  }

  override watch(prefix: string, fromRevision: number, listener: WatchListener): Watch {
    const watch = super.watch(prefix, fromRevision, {
      events: (events) => {
        if (!this.isDeaf && this.listeners.has(listener)) listener.events(events);
      },
      startOver: (reason) => listener.startOver(reason),
    });
    this.listeners.add(listener);
    return {
      close: () => {
        this.listeners.delete(listener);
        watch.close();
      },
    };
  }

  breakWatches(): void {
    for (const listener of [...this.listeners]) {
      this.listeners.delete(listener);
      listener.startOver('cut');
    }
  }

  async put(key: string, value: string): Promise<void> {
    await this.transactAll([transaction([], [put(key, value)])]);
  }

  async delete(key: string): Promise<void> {
    await this.transactAll([transaction([], [del(key)])]);
  }
}

let clock: ManualClock;
let store: UnsteadyStore;
let told: KeyChange[];

beforeEach(() => {
  clock = new ManualClock();
  store = new UnsteadyStore(clock);
  told = [];
});

function mirrorOf(options: Partial<KeyMirrorOptions> = {}): KeyMirror {
  return new KeyMirror(store, '/a/', {
    clock,
    log: silentLog,
    onChange: (changes) => told.push(...changes),
    ...options,
  });
}

function contents(mirror: KeyMirror): Record<string, string> {
  return Object.fromEntries([...mirror.entries()].map(({ key, value }) => [key, value.toString()]).sort());
}

function toldInWords(): string[] {
  return told.map(({ key, entry, previous }) => `${key}:${previous?.value ?? '-'}>${entry?.value ?? '-'}`);
}

describe('KeyMirror', () => {
  it('tells of every list when its first page has come, before what is in it', async () => {
    for (const key of ['b', 'c', 'd']) await store.put(`/a/${key}`, key);
    const heard: string[] = [];
    let pages = 0;
    store.beforePage = async () => {
      store.isAway = ++pages === 3;
    };
    const mirror = mirrorOf({
      pageSize: 1,
      onListing: () => heard.push('list'),
      onChange: (changes) => heard.push(...changes.map(({ key }) => key)),
    });
    const started = mirror.start();
    await clock.advanceUntil(() => pages > 5);
    await started;
    expect(heard).toEqual(['list', '/a/b', '/a/c', 'list', '/a/d']);
    mirror.close();
  });

  it('lists everything page by page, then follows what changes', async () => {
    for (const name of ['1', '2', '3', '4', '5']) await store.put(`/a/${name}`, name);
    await store.put('/b/1', 'elsewhere');
    const mirror = mirrorOf({ pageSize: 2 });
    await mirror.start();
    expect(contents(mirror)).toEqual({ '/a/1': '1', '/a/2': '2', '/a/3': '3', '/a/4': '4', '/a/5': '5' });
    expect([mirror.size, mirror.synced, mirror.lagMs]).toEqual([5, true, 0]);

    told = [];
    await store.put('/a/1', 'new');
    await store.delete('/a/2');
    await store.put('/a/6', '6');
    await clock.advanceAsync(0);
    expect(toldInWords()).toEqual(['/a/1:1>new', '/a/2:2>-', '/a/6:->6']);
    expect(mirror.get('/a/6')?.value.toString()).toBe('6');
    expect(mirror.revision).toBe((await store.status()).revision);
    mirror.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('tells only the difference when it has to start over', async () => {
    for (const name of ['1', '2', '3']) await store.put(`/a/${name}`, name);
    const mirror = mirrorOf();
    await mirror.start();
    store.isDeaf = true;
    told = [];
    await store.put('/a/1', 'new');
    await store.delete('/a/2');
    await store.put('/a/4', '4');
    await clock.advanceAsync(0);
    expect(toldInWords()).toEqual([]);
    store.isDeaf = false;
    store.breakWatches();
    await clock.advanceAsync(0);
    expect(toldInWords().sort()).toEqual(['/a/1:1>new', '/a/2:2>-', '/a/4:->4']);
    expect(mirror.synced).toBe(true);
    mirror.close();
  });

  it('waits for a store that is away, more and more slowly, and says how far behind it may be', async () => {
    const mirror = mirrorOf();
    await mirror.start();
    store.isAway = true;
    store.lists = 0;
    store.breakWatches();
    await clock.advanceAsync(60_000);
    expect(mirror.synced).toBe(false);
    expect(mirror.lagMs).toBe(60_000);
    expect(store.lists).toBeLessThan(20);
    store.isAway = false;
    await store.put('/a/1', 'late');
    await clock.advanceAsync(5_000);
    expect([mirror.synced, mirror.lagMs, mirror.get('/a/1')?.value.toString()]).toEqual([true, 0, 'late']);
    mirror.close();
  });

  it('lists more and more slowly where each watch breaks off at once, and without a pause after one that lasted', async () => {
    const mirror = mirrorOf();
    await mirror.start();
    const { watch } = store;
    store.watch = (_prefix, _from, listener) => {
      queueMicrotask(() => listener.startOver('refused'));
      return { close: () => {} };
    };
    store.lists = 0;
    store.breakWatches();
    await clock.advanceAsync(60_000);
    expect(mirror.synced).toBe(false);
    expect(store.lists).toBeGreaterThan(10);
    expect(store.lists).toBeLessThan(25);
    store.watch = watch;
    await clock.advanceAsync(10_000);
    expect(mirror.synced).toBe(true);
    await store.put('/a/1', 'new');
    store.breakWatches();
    await clock.advanceAsync(0);
    expect(mirror.synced).toBe(true);
    mirror.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('starts over when the revision it reads is compacted between two pages', async () => {
    for (const name of ['1', '2', '3', '4']) await store.put(`/a/${name}`, name);
    let pages = 0;
    store.beforePage = async () => {
      if (++pages !== 2) return;
      await store.delete('/a/1');
      await store.put('/a/5', '5');
      await store.compact((await store.status()).revision);
    };
    const mirror = mirrorOf({ pageSize: 2 });
    const started = mirror.start();
    await clock.advanceAsync(1_000);
    await started;
    expect(contents(mirror)).toEqual({ '/a/2': '2', '/a/3': '3', '/a/4': '4', '/a/5': '5' });
    mirror.close();
  });

  it('repairs within the relist interval what a watch lost without a word', async () => {
    for (const name of ['1', '2']) await store.put(`/a/${name}`, name);
    const mirror = mirrorOf({ relistEveryMs: 10_000 });
    await mirror.start();
    store.isDeaf = true;
    told = [];
    await store.put('/a/1', 'new');
    await store.delete('/a/2');
    await store.put('/a/3', '3');
    await clock.advanceAsync(9_999);
    expect(toldInWords()).toEqual([]);
    await clock.advanceAsync(1);
    expect(toldInWords().sort()).toEqual(['/a/1:1>new', '/a/2:2>-', '/a/3:->3']);
    await clock.advanceAsync(60_000);
    expect(told).toHaveLength(3);
    mirror.close();
  });

  it('lets neither a list nor a watch take a key back while both go on', async () => {
    for (const name of ['1', '2', '3', '4']) await store.put(`/a/${name}`, name);
    const mirror = mirrorOf({ relistEveryMs: 10_000, pageSize: 1 });
    await mirror.start();
    told = [];
    let pages = 0;
    store.beforePage = async () => {
      pages++;
      if (pages !== 2) return;
      // The list goes on at its revision while the watch already brings these.
      await store.delete('/a/3');
      await store.put('/a/4', 'new');
      await store.put('/a/5', '5');
      await store.delete('/a/5');
    };
    await clock.advanceAsync(10_000);
    expect(pages).toBe(4);
    expect(contents(mirror)).toEqual({ '/a/1': '1', '/a/2': '2', '/a/4': 'new' });
    expect(toldInWords()).toEqual(['/a/3:3>-', '/a/4:4>new', '/a/5:->5', '/a/5:5>-']);
    mirror.close();
  });

  it('follows a store that was restored to an earlier state', async () => {
    for (const name of ['1', '2', '3']) await store.put(`/a/${name}`, name);
    const mirror = mirrorOf();
    await mirror.start();
    const restored = new MemoryStore(clock);
    await restored.transactAll([transaction([], [put('/a/1', 'old')])]);
    store.range = (prefix, options) => restored.range(prefix, options);
    store.watch = (prefix, revision, listener) => restored.watch(prefix, revision, listener);
    store.breakWatches();
    await clock.advanceAsync(0);
    expect(contents(mirror)).toEqual({ '/a/1': 'old' });
    await restored.transactAll([transaction([], [put('/a/2', 'again')])]);
    await clock.advanceAsync(0);
    expect(contents(mirror)).toEqual({ '/a/1': 'old', '/a/2': 'again' });
    mirror.close();
  });

  it('refuses to have started when it is closed before the first list', async () => {
    store.isAway = true;
    const mirror = mirrorOf();
    const started = mirror.start();
    await clock.advanceAsync(500);
    mirror.close();
    await expect(started).rejects.toThrow('closed');
    expect(clock.pendingTimers).toBe(0);
  });

  it('never calls back after close', async () => {
    const mirror = mirrorOf();
    await mirror.start();
    const put = store.put('/a/1', '1');
    mirror.close();
    await put;
    await clock.advanceAsync(1_000_000);
    expect(told).toEqual([]);
  });

  it('keeps a hundred thousand keys equal under a storm of edits', async () => {
    for (let batch = 0; batch < 100; batch++) {
      await store.transactAll(
        Array.from({ length: 1_000 }, (_, index) => transaction([], [put(`/a/${batch * 1_000 + index}`, 'x')])),
      );
    }
    const mirror = mirrorOf({ onChange: () => {} });
    await mirror.start();
    expect(mirror.size).toBe(100_000);
    for (let edit = 0; edit < 5_000; edit++) {
      const key = `/a/${(edit * 7919) % 100_000}`;
      await store.transactAll([transaction([], [edit % 3 ? put(key, 'y') : del(key)])]);
      if (edit % 1_000 === 500) store.breakWatches();
    }
    do await clock.advanceAsync(1_000);
    while (!mirror.synced);
    const page = await store.range('/a/', { limit: 200_000 });
    expect(mirror.size).toBe(page.entries.length);
    for (const entry of page.entries) expect(mirror.get(entry.key)?.modRevision).toBe(entry.modRevision);
    mirror.close();
  });
});

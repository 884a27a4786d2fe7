import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderInUse, ManualClock, openSqlite, silentLog } from '@app/platform';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { coordinationStoreContract } from '../contract/coordination-store.contract.js';
import { act, inWords, listen, putAll, textOf } from '../contract/store-under-test.js';
import { isAbsent, put, transaction } from '../port/transaction.js';
import { EmbeddedStore, EmbeddedStoreOptions } from './embedded-store.js';
import { KeyFile } from './key-file.js';

const folders: string[] = [];
const opened: EmbeddedStore[] = [];

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleetcron-embedded-'));
  folders.push(folder);
  return folder;
}

function open(folder: string, clock = new ManualClock(), more: Partial<EmbeddedStoreOptions> = {}): EmbeddedStore {
  const store = EmbeddedStore.open({ folder, clock, log: silentLog, ...more });
  opened.push(store);
  return store;
}

afterAll(async () => {
  for (const store of opened) await store.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

coordinationStoreContract('embedded', async () => {
  const clock = new ManualClock();
  return { store: open(freshFolder(), clock), elapse: (ms) => clock.advanceAsync(ms) };
});

describe('EmbeddedStore', () => {
  let folder: string;
  beforeEach(() => {
    folder = freshFolder();
  });

  it('finds everything again when it is opened again, revisions included', async () => {
    const first = open(folder);
    const revision = await putAll(first, { '/a': '1', '/备份': '2', '/b': '3' });
    await act(first, put('/a', '4'));
    const before = await first.range('');
    await first.close();

    const second = open(folder);
    expect(await second.range('')).toEqual(before);
    expect((await act(second, put('/c', 'x'))).revision).toBe(revision + 2);
    expect((await second.get('/a'))!.createRevision).toBe(before.entries[0]!.createRevision);
  });

  it('begins its history anew: an older revision is compacted, a watch from it starts over', async () => {
    const first = open(folder);
    const revision = await putAll(first, { '/a': '1', '/b': '2' });
    await first.close();
    const second = open(folder);
    const heard = listen(second, '/', revision - 1);
    const live = listen(second, '/', revision + 1);
    await act(second, put('/c', 'x'));
    expect(heard.startOver).toContain('compacted');
    expect(live.words()).toEqual([`c=x@${revision + 1}`]);
    await expect(second.range('/', { revision: revision - 1 })).rejects.toThrow('compacted');
  });

  it('ends all leases when it is opened, and never uses the id of one again', async () => {
    const first = open(folder);
    const lease = await first.grantLease(600);
    await act(first, put('/workers/w1', 'x', lease), put('/jobs/j1', 'x'));
    await first.close();

    const second = open(folder);
    expect((await second.range('')).entries.map((entry) => entry.key)).toEqual(['/jobs/j1']);
    expect(await second.grantLease(600)).not.toBe(lease);
    const [settled] = await second.transactAll([transaction([], [put('/x', 'x', lease)])]);
    expect(inWords([settled!])).toEqual(['LeaseLost']);
  });

  it('refuses a second opening of the same folder, naming the process that has it', async () => {
    const first = open(folder);
    expect(() => open(folder)).toThrow(FolderInUse);
    expect(() => open(folder)).toThrow(`in use by process ${process.pid}`);
    await first.close();
    const second = open(folder);
    expect(await second.get('/a')).toBeUndefined();
  });

  it('refuses a file from a newer program, and leaves the folder free', async () => {
    await open(folder).close();
    const file = openSqlite(join(folder, 'coordination.sqlite'));
    file.exec('PRAGMA user_version = 99');
    expect(() => open(folder)).toThrow('newer program');
    file.exec('PRAGMA user_version = 1');
    file.close();
    expect(open(folder)).toBeInstanceOf(EmbeddedStore);
  });

  it('answers what was asked before it was closed', async () => {
    const store = open(folder);
    const asked = store.transactAll([transaction([], [put('/a', '1')])]);
    await store.close();
    expect(inWords(await asked)).toEqual(['done']);
    expect(await textOf(open(folder), '/a')).toBe('1');
  });

  it('commits all that one turn of the event loop asked for together', async () => {
    const store = open(folder);
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        store.transactAll([transaction([isAbsent(`/n/${index}`)], [put(`/n/${index}`, 'x')])]),
      ),
    );
    expect(answers.flatMap(inWords).every((word) => word === 'done')).toBe(true);
    expect(new Set(answers.map(([one]) => one!.ok && one!.result.revision)).size).toBe(500);
  });

  it('lets others have their turn while it carries out very many transactions', async () => {
    const store = open(folder);
    let turns = 0;
    const count = (): void => {
      turns++;
      turning = setImmediate(count);
    };
    let turning = setImmediate(count);
    const settled = await store.transactAll(
      Array.from({ length: 10_000 }, (_, index) => transaction([], [put(`/n/${index}`, String(index))])),
    );
    clearImmediate(turning);
    expect(settled.every((one) => one.ok)).toBe(true);
    expect(turns).toBeGreaterThanOrEqual(9);
    expect(await textOf(store, '/n/9999')).toBe('9999');
  });

  it('is closed for writing while the disk is full, loses nothing, and recovers when there is room', async () => {
    const clock = new ManualClock();
    const store = open(folder, clock, { maxBytes: 400_000 });
    const lease = await store.grantLease(5);
    await act(store, put('/small', '1'), put('/leased', 'x', lease));
    const heard = listen(store, '/big', 1);
    let written = 0;
    for (;;) {
      const [settled] = await store.transactAll([transaction([], [put(`/big/${written}`, Buffer.alloc(20_000))])]);
      if (!settled!.ok) {
        expect(settled).toMatchObject({ error: { name: 'StoreUnavailable', outcome: 'notDone' } });
        break;
      }
      written++;
    }
    expect(written).toBeGreaterThan(5);
    const { revision } = await store.status();
    expect((await store.range('/big/')).entries).toHaveLength(written);
    expect(heard.events).toHaveLength(written);

    // A delete needs no room, so that a full store can be emptied.
    await act(store, ...Array.from({ length: 3 }, (_, index) => ({ kind: 'delete' as const, key: `/big/${index}` })));
    expect((await act(store, put('/big/again', Buffer.alloc(20_000)))).revision).toBe(revision + 2);
    await clock.advanceAsync(6_000);
    expect(await store.get('/leased')).toBeUndefined();
    await store.close();

    const reopened = open(folder);
    expect((await reopened.range('/big/')).entries).toHaveLength(written - 3 + 1);
    expect(await textOf(reopened, '/small')).toBe('1');
  });

  describe('when a commit fails', () => {
    afterEach(() => vi.restoreAllMocks());

    it('says that nothing was done where that can be seen, and goes on', async () => {
      const store = open(folder);
      const revision = await putAll(store, { '/a': '1' });
      const heard = listen(store, '/', revision + 1);
      vi.spyOn(KeyFile.prototype, 'commit').mockImplementationOnce(() => {
        throw new Error('disk I/O error');
      });
      const answers = await Promise.all(
        ['/b', '/c'].map((key) => store.transactAll([transaction([], [put(key, 'x')])])),
      );
      expect(answers).toMatchObject([[{ error: { outcome: 'notDone' } }], [{ error: { outcome: 'notDone' } }]]);
      expect((await store.range('/')).entries.map((entry) => entry.key)).toEqual(['/a']);
      await act(store, put('/d', 'x'));
      expect(heard.words()).toEqual([`d=x@${revision + 1}`]);
      expect(heard.startOver).toBeUndefined();
    });

    it('takes the word of the file where it cannot be seen, and has watches start over', async () => {
      const store = open(folder);
      const lease = await store.grantLease(60);
      await act(store, put('/a', '1', lease));
      const heard = listen(store, '/', 2);
      const { commit } = KeyFile.prototype;
      vi.spyOn(KeyFile.prototype, 'commit').mockImplementationOnce(function (this: KeyFile, changes) {
        commit.call(this, changes);
        throw new Error('disk I/O error');
      });
      const [settled] = await store.transactAll([transaction([], [put('/b', 'x')])]);
      expect(settled).toMatchObject({ error: { name: 'StoreUnavailable', outcome: 'unknown' } });
      expect((await store.status()).alarms).toEqual(['IN_DOUBT']);

      const failing = vi.spyOn(KeyFile.prototype, 'read').mockImplementation(() => {
        throw new Error('disk I/O error');
      });
      const [refused] = await store.transactAll([transaction([], [put('/c', 'x')])]);
      expect(refused).toMatchObject({ error: { outcome: 'notDone' } });
      failing.mockRestore();

      await act(store, put('/d', 'x'));
      expect((await store.range('/')).entries.map((entry) => entry.key)).toEqual(['/a', '/b', '/d']);
      expect(heard.startOver).toContain('read again');
      await store.revokeLease(lease);
      expect(await store.get('/a')).toBeUndefined();
    });

    it('ends a lease as soon as that can be written, whether or not it is asked again', async () => {
      const clock = new ManualClock();
      const store = open(folder, clock);
      const lease = await store.grantLease(60);
      await act(store, put('/a', '1', lease));
      const failing = vi.spyOn(KeyFile.prototype, 'commit').mockImplementation(() => {
        throw new Error('database or disk is full');
      });
      await expect(store.revokeLease(lease)).rejects.toThrow('disk is full');
      await clock.advanceAsync(3_000);
      expect(await store.get('/a')).toBeDefined();
      failing.mockRestore();
      for (let turn = 0; turn < 5; turn++) await clock.advanceAsync(1_000);
      expect(await store.get('/a')).toBeUndefined();
    });
  });
});

import { Compacted } from '@app/etcd';
import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { runsOfEntry } from '../delivery/runs-of-entry.js';
import { type Cursor, writeCursor } from '../store/cursor.js';
import { writeBeat } from '../store/presence.js';
import { Compaction } from './compaction.js';
import { CursorKeeping } from './cursor-keeping.js';
import { OldKills } from './old-kills.js';

const MINUTE = 60_000;
const DAY = 24 * 3_600_000;
const self = { worker: 'm1', session: '', sessionRevision: 0 };

describe('tidying', () => {
  let room: JobsFixture;

  beforeEach(async () => {
    room = new JobsFixture();
    await room.start();
  });

  afterEach(() => room.close());

  describe('of kill orders', () => {
    let oldKills: OldKills;

    beforeEach(() => {
      oldKills = new OldKills(room.store, room.keys, room.clock);
    });

    const lookAfter = async (ms: number): Promise<boolean> => {
      await room.clock.advanceAsync(ms);
      await oldKills.look();
      return room.has(room.keys.killer('tick'));
    };

    it('removes each ten minutes after it was first seen', async () => {
      await room.put(room.keys.killer('tick'), '');
      expect(await lookAfter(3 * MINUTE)).toBe(true);
      expect(await lookAfter(10 * MINUTE - 1)).toBe(true);
      expect(await lookAfter(1)).toBe(false);
    });

    it('counts a newer one anew', async () => {
      await room.put(room.keys.killer('tick'), '');
      await lookAfter(0);
      await room.clock.advanceAsync(9 * MINUTE);
      await room.put(room.keys.killer('tick'), '');
      expect(await lookAfter(MINUTE)).toBe(true);
      expect(await lookAfter(10 * MINUTE)).toBe(false);
    });
  });

  describe('of cursors', () => {
    let cursors: CursorKeeping;

    beforeEach(() => {
      const { store, keys, clock, registry, delivery, recorder } = room;
      recorder.mode = 'silent';
      cursors = new CursorKeeping(store, keys, clock, registry, delivery, self);
      registry.onChange((changes) => cursors.apply(changes));
    });

    const putCursor = async (changes: Partial<Cursor> = {}): Promise<void> => {
      const cursor = { at: START, generation: 1, fingerprint: '', runs: 3, resets: 1, ...changes };
      await room.put(room.keys.cursor('tick'), writeCursor(cursor));
    };
    const adopted = async (): Promise<void> => {
      const { createRevision: generation, fingerprint } = await room.putJob({ name: 'tick' });
      await putCursor({ generation, fingerprint });
    };
    const deleteJob = (): Promise<void> => room.delete(room.keys.job('tick'));
    const left = async () => (await room.runsOf('tick')).flatMap((entry) => runsOfEntry(entry));

    it('marks one whose job another client deleted, and says what was left undecided', async () => {
      await adopted();
      await room.clock.advanceAsync(3.5 * MINUTE);
      await deleteJob();
      await cursors.look();
      expect(await room.cursorOf('tick')).toMatchObject({
        at: START + 3.5 * MINUTE,
        deleted: true,
        runs: 3,
        resets: 1,
      });
      expect(await left()).toMatchObject([
        { status: 'skipped', reason: 'deleted', count: 3, scheduledTime: START + MINUTE, worker: 'm1' },
      ]);
      expect(room.recorder.recorded).toEqual(await left());
      await room.clock.advanceAsync(MINUTE);
      await cursors.look();
      expect(await room.cursorOf('tick')).toMatchObject({ at: START + 3.5 * MINUTE });
    });

    it('says nothing of a definition that the cursor did not follow', async () => {
      await room.putJob({ name: 'tick' });
      await putCursor();
      await room.clock.advanceAsync(3 * MINUTE);
      await deleteJob();
      await cursors.look();
      expect(await room.cursorOf('tick')).toMatchObject({ deleted: true });
      expect(await left()).toEqual([]);
    });

    it('leaves one alone that the editor marked, and that of a job that came again', async () => {
      await adopted();
      await deleteJob();
      await putCursor({ deleted: true });
      await cursors.look();
      expect(await room.cursorOf('tick')).toMatchObject({ at: START, deleted: true });
      await adopted();
      await room.clock.advanceAsync(MINUTE);
      await cursors.look();
      expect(await room.cursorOf('tick')).not.toHaveProperty('deleted');
    });

    it('never takes a cursor back', async () => {
      await adopted();
      await putCursor({ at: START + DAY, generation: 7 });
      await deleteJob();
      await cursors.look();
      expect(await room.cursorOf('tick')).toMatchObject({ at: START + DAY, deleted: true });
    });

    it('finds by a sweep what nobody saw go', async () => {
      await putCursor();
      await cursors.look();
      expect(await room.cursorOf('tick')).not.toHaveProperty('deleted');
      await cursors.sweep();
      await cursors.look();
      expect(await room.cursorOf('tick')).toMatchObject({ deleted: true });
    });

    it('removes by a sweep one that was marked a day ago, but not under a job', async () => {
      await putCursor({ deleted: true });
      const [first, last] = [room.keys.version('tick', 1), room.keys.version('tick', 2)];
      const ofAnother = room.keys.version('tick-tock', 1);
      for (const key of [first, last, ofAnother]) await room.put(key, '{}');
      await room.clock.advanceAsync(DAY);
      await cursors.sweep();
      expect(await room.has(room.keys.cursor('tick'))).toBe(true);
      await room.clock.advanceAsync(1);
      await room.putJob({ name: 'tick' });
      await cursors.sweep();
      expect(await room.has(room.keys.cursor('tick'))).toBe(true);
      await deleteJob();
      expect(await room.has(first)).toBe(true);
      await cursors.sweep();
      expect(await room.has(room.keys.cursor('tick'))).toBe(false);
      expect(await Promise.all([first, last, ofAnother].map((key) => room.has(key)))).toEqual([false, false, true]);
    });

    it('leaves alone what is no cursor', async () => {
      await room.put(room.keys.cursor('tick'), 'garbage');
      await cursors.sweep();
      await cursors.look();
      expect((await room.store.get(room.keys.cursor('tick')))?.value.toString()).toBe('garbage');
    });
  });

  describe('of the history of the store', () => {
    const isReadable = async (revision: number): Promise<boolean> => {
      try {
        await room.store.range(room.keys.leader, { revision });
        return true;
      } catch (error) {
        if (error instanceof Compacted) return false;
        throw error;
      }
    };
    /** A worker beats each minute, and each minute somebody else leads and looks. */
    const lookFor = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += MINUTE) {
        await room.clock.advanceAsync(MINUTE);
        await beat();
        await new Compaction(room.store, room.keys, room.clock, silentLog).look();
      }
    };
    const beat = (): Promise<number> => {
      const clock = room.clock.now();
      return room.put(room.keys.beat('w1'), writeBeat({ id: 'w1', clock, running: 0, load: 0 }));
    };

    const expectKept = async (ms: number): Promise<void> => {
      await beat();
      const old = await room.put('/cron/x', '1');
      await lookFor(MINUTE);
      const newer = await room.put('/cron/x', '2');
      await lookFor(ms - 2 * MINUTE);
      expect(await isReadable(old)).toBe(true);
      await lookFor(2 * MINUTE);
      expect([await isReadable(old), await isReadable(newer)]).toEqual([false, true]);
    };

    it('keeps an hour of it, and forgets what is older, however short a time somebody leads', () =>
      expectKept(60 * MINUTE));

    it('keeps ten minutes where much is in use', async () => {
      const { store } = room;
      const status = store.status.bind(store);
      store.status = async () => ({ ...(await status()), dbInUseBytes: 65 * 1024 ** 2 });
      await expectKept(10 * MINUTE);
    });

    it('keeps what was written while no worker was there to tell the time', async () => {
      const old = await room.put('/cron/x', '1');
      await room.clock.advanceAsync(3 * 60 * MINUTE);
      await new Compaction(room.store, room.keys, room.clock, silentLog).look();
      expect(await isReadable(old)).toBe(true);
    });

    it('leaves it to somebody else who compacts', async () => {
      await beat();
      const compact = room.store.compact.bind(room.store);
      const compacted: number[] = [];
      room.store.compact = async (revision) => {
        compacted.push(revision);
        return compact(revision);
      };
      await lookFor(30 * MINUTE);
      await compact(await beat());
      await lookFor(59 * MINUTE);
      expect(compacted).toEqual([]);
    });
  });
});

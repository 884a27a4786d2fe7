import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type JobFields, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { runsOfEntry } from '../delivery/runs-of-entry.js';
import { writeCursor } from '../store/cursor.js';
import { OrphanFires } from './orphan-fires.js';

const MINUTE = 60_000;
const self = { worker: 'm1', session: '', sessionRevision: 0 };

describe('fires that no worker may take', () => {
  let room: JobsFixture;
  let orphans: OrphanFires;

  beforeEach(async () => {
    room = new JobsFixture();
    room.recorder.mode = 'silent';
    const { store, keys, clock, registry, fleet, delivery } = room;
    orphans = new OrphanFires(store, keys, clock, silentLog, registry, fleet, delivery, self);
    await room.start();
  });

  afterEach(() => room.close());

  const lookAfter = async (ms: number): Promise<void> => {
    await room.clock.advanceAsync(ms);
    await orphans.look();
    await room.settle();
  };
  /** A job whose cursor stands at the start. */
  const adopted = async (fields: Partial<JobFields> = {}, cursor: object = {}): Promise<void> => {
    const { createRevision, fingerprint } = await room.putJob({ name: 'tick', ...fields });
    const at = { at: START, generation: createRevision, fingerprint, runs: 0, resets: 0, ...cursor };
    await room.put(room.keys.cursor('tick'), writeCursor(at));
  };
  const records = async () => (await room.runsOf('tick')).flatMap((entry) => runsOfEntry(entry));
  const decidedUntil = async () => (await room.cursorOf('tick'))?.at;

  it('are missed once we have seen nobody for the starting deadline, those alone that are as old', async () => {
    await adopted();
    await lookAfter(0);
    await lookAfter(MINUTE - 1);
    expect(await records()).toEqual([]);
    await lookAfter(1);
    // At 00:01:00 the fire of that minute may still find a worker.
    expect(await records()).toEqual([]);
    await lookAfter(2.5 * MINUTE);
    const missed = { status: 'missed', reason: 'noEligibleWorker', count: 2, worker: 'm1' };
    expect(await records()).toMatchObject([
      { ...missed, scheduledTime: START + MINUTE, untilTime: START + 2 * MINUTE },
    ]);
    expect(await decidedUntil()).toBe(START + 2 * MINUTE);
    expect(room.recorder.recorded).toEqual(await records());
    await lookAfter(MINUTE);
    expect(await records()).toHaveLength(2);
    expect(await decidedUntil()).toBe(START + 3 * MINUTE);
  });

  it.each<[string, number, number]>([
    ['a short deadline', 10, START + 2 * MINUTE],
    ['a long one', 150, START],
  ])('wait as long as %s of the job says', async (_what, startingDeadlineSeconds, until) => {
    await adopted({ startingDeadlineSeconds });
    await lookAfter(0);
    await lookAfter(2.4 * MINUTE);
    expect(await decidedUntil()).toBe(until);
  });

  it.each<[string, Parameters<JobsFixture['join']>[1], boolean]>([
    ['of the group', {}, false],
    ['of another group', { group: 'other' }, true],
    ['that drains', { drainFrom: START }, true],
    ['whose clock is not to be trusted', { clockSuspect: true }, true],
    ['that cannot start anything', { cannotStart: true }, true],
  ])('are none while there is a worker %s', async (_what, presence, areMissed) => {
    await room.join('w1', presence);
    await adopted();
    await lookAfter(0);
    await lookAfter(5 * MINUTE);
    expect((await records()).length > 0).toBe(areMissed);
  });

  it('are counted anew after a worker was there, or we could not see', async () => {
    await adopted();
    await lookAfter(0);
    await room.clock.advanceAsync(50_000);
    const { session } = await room.join('w1');
    await lookAfter(0);
    await room.store.revokeLease(session);
    await lookAfter(MINUTE);
    await lookAfter(MINUTE - 1);
    expect(await records()).toEqual([]);
    orphans.reset();
    await lookAfter(5 * MINUTE);
    expect(await records()).toEqual([]);
    await lookAfter(MINUTE);
    expect(await records()).toHaveLength(1);
  });

  it('of a job that another client put are decided since it was put, however late it is adopted', async () => {
    await room.putJob({ name: 'tick' });
    await lookAfter(5 * MINUTE);
    expect(await decidedUntil()).toBe(START);
    expect(await records()).toEqual([]);
    await lookAfter(2.5 * MINUTE);
    expect(await records()).toMatchObject([{ scheduledTime: START + MINUTE, count: 6 }]);
  });

  it('of a job that another client put are kept for a worker that comes in time', async () => {
    await room.putJob({ name: 'tick', startingDeadlineSeconds: 3600 });
    await lookAfter(2000);
    // It would adopt the job as of its own start, which is after the fire.
    expect(await room.cursorOf('tick')).toMatchObject({ at: START, since: START });
    await lookAfter(2 * MINUTE);
    expect(await decidedUntil()).toBe(START);
  });

  it('have their cursor read once, until the job has another schedule or the deadline is there', async () => {
    await adopted();
    const reads = vi.spyOn(room.store, 'transactAll');
    const lookAndCount = async (ms: number): Promise<number> => {
      reads.mockClear();
      await lookAfter(ms);
      return reads.mock.calls.flatMap(([asked]) => asked).length;
    };
    expect(await lookAndCount(0)).toBe(1);
    expect(await lookAndCount(2000)).toBe(0);
    await room.putJob({ name: 'tick', cronExpr: '0 * * * *' });
    expect(await lookAndCount(2000)).toBe(2);
    expect(await lookAndCount(2000)).toBe(1);
    expect(await lookAndCount(2000)).toBe(0);
    expect(await lookAndCount(MINUTE)).toBe(1);
  });

  it('of the definition before one that another client put are skipped as edited', async () => {
    await adopted();
    await lookAfter(0);
    await room.clock.advanceAsync(3 * MINUTE);
    await room.putJob({ name: 'tick', cronExpr: '0 * * * *' });
    await lookAfter(0);
    expect(await records()).toMatchObject([{ status: 'skipped', reason: 'edited', count: 3 }]);
    expect(await decidedUntil()).toBe(START + 3 * MINUTE);
  });

  it.each<[string, Partial<JobFields>, object]>([
    ['has no schedule', { cronExpr: null }, {}],
    ['is paused', { paused: true }, {}],
    ['has had all its runs', { maxRuns: 3 }, { runs: 3 }],
  ])('are none of a job that %s', async (_what, fields, cursor) => {
    await adopted(fields, cursor);
    await lookAfter(0);
    await lookAfter(10 * MINUTE);
    expect(await records()).toEqual([]);
  });

  it('leave alone what is no job, and what somebody else decided in the same moment', async () => {
    await room.put(room.keys.job('broken'), 'garbage');
    await adopted();
    await lookAfter(0);
    await room.clock.advanceAsync(5 * MINUTE);
    const transactAll = room.store.transactAll.bind(room.store);
    room.store.transactAll = async (asked) => {
      if (asked.some(({ compare }) => compare.length > 0)) await adopted();
      return transactAll(asked);
    };
    await orphans.look();
    expect(await records()).toEqual([]);
    expect(room.recorder.recorded).toEqual([]);
  });
});

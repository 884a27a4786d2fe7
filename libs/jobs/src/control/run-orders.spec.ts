import { Conflict, InvalidInput, NotFound, RevisionConflict, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { entryOf, JobsFixture, requestOf, START } from '../../../../test/support/jobs-fixture.js';
import { readKillOrder } from '../store/kill-order.js';
import { ClockSuspect } from './job-editor.js';
import { MAX_BACKFILL } from './run-orders.js';
import { StoreJobControl } from './store-job-control.js';

const ann = { name: 'ann' };
const MINUTE = 60_000;

describe('orders about runs', () => {
  let room: JobsFixture;
  let control: StoreJobControl;
  let recorded: Set<string>;
  let generation: number;
  let isClockGood: boolean;

  beforeEach(async () => {
    room = new JobsFixture();
    recorded = new Set();
    isClockGood = true;
    const { store, keys, clock, registry } = room;
    control = new StoreJobControl({
      store,
      keys,
      clock,
      registry,
      log: silentLog,
      id: 'm1',
      isClockGood: () => isClockGood,
      isRecorded: async (runId) => recorded.has(runId),
    });
    await room.start();
    generation = (await room.putJob({ name: 'tick', params: { day: '1', night: '2' } })).createRevision;
    await room.putJob({ name: 'byHand', cronExpr: null });
    await room.put(room.keys.job('broken'), 'garbage');
  });

  afterEach(() => room.close());

  describe('to run now', () => {
    it('stand in the store as a request of the job as it is', async () => {
      const { runId } = await control.requestRun('tick', { params: { day: '7' }, worker: 'w3' }, ann);
      expect(await room.requestsOf('tick')).toMatchObject([
        requestOf({ runId, params: { day: '7' }, worker: 'w3', by: 'ann', jobGeneration: generation }),
      ]);
    });

    it('are not taken by a clock that is off, nor are backfills: they would be due by it', async () => {
      isClockGood = false;
      await expect(control.requestRun('tick', {}, ann)).rejects.toThrow(ClockSuspect);
      await expect(control.backfill('tick', { from: START - MINUTE, to: START }, ann)).rejects.toThrow(ClockSuspect);
      expect(await room.requestsOf('tick')).toEqual([]);
    });

    it('name every parameter that the job does not have', async () => {
      const params = { day: '7', dya: '7', constructor: 'x' };
      await expect(control.requestRun('tick', { params }, ann)).rejects.toMatchObject({
        errors: [{ path: 'params.dya' }, { path: 'params.constructor' }],
      });
      expect(await room.requestsOf('tick')).toEqual([]);
    });

    it('need a job that is there and valid', async () => {
      await expect(control.requestRun('none', {}, ann)).rejects.toThrow(NotFound);
      await expect(control.requestRun('broken', {}, ann)).rejects.toThrow(Conflict);
    });

    it('find the job gone that is deleted while they are written', async () => {
      const transactAll = room.store.transactAll.bind(room.store);
      vi.spyOn(room.store, 'transactAll').mockImplementationOnce(async (asked) => {
        const read = await transactAll(asked);
        await room.delete(room.keys.job('tick'));
        return read;
      });
      await expect(control.requestRun('tick', {}, ann)).rejects.toThrow(NotFound);
      expect(await room.requestsOf('tick')).toEqual([]);
    });

    it('are refused where another job of that name stands by then', async () => {
      const transactAll = room.store.transactAll.bind(room.store);
      vi.spyOn(room.store, 'transactAll').mockImplementationOnce(async (asked) => {
        const read = await transactAll(asked);
        await room.delete(room.keys.job('tick'));
        await room.putJob({ name: 'tick' });
        return read;
      });
      await expect(control.requestRun('tick', {}, ann)).rejects.toThrow(RevisionConflict);
      expect(await room.requestsOf('tick')).toEqual([]);
    });

    it('give another run each time, unless they carry a key', async () => {
      const first = await control.requestRun('tick', {}, ann);
      expect((await control.requestRun('tick', {}, ann)).runId).not.toBe(first.runId);
      expect(await room.requestsOf('tick')).toHaveLength(2);
    });

    it.each<[string, (runId: string) => Promise<unknown>]>([
      ['waits', async () => {}],
      [
        'runs',
        async (runId) => {
          await room.delete(room.keys.request('tick', runId));
          await room.putRun(entryOf({ runId, trigger: 'manual' }));
        },
      ],
      [
        'is history',
        async (runId) => {
          await room.delete(room.keys.request('tick', runId));
          recorded.add(runId);
        },
      ],
    ])('ask once for one key, also while the run %s', async (_what, goOn) => {
      const { runId } = await control.requestRun('tick', { idempotencyKey: 'k' }, ann);
      await goOn(runId);
      const before = await room.requestsOf('tick');
      expect(await control.requestRun('tick', { idempotencyKey: 'k' }, ann)).toEqual({ runId });
      expect(await room.requestsOf('tick')).toEqual(before);
    });

    it('are other ones for another key, another job, or another job of the same name', async () => {
      const ask = async (name: string, idempotencyKey: string) =>
        (await control.requestRun(name, { idempotencyKey }, ann)).runId;
      const ids = [await ask('tick', 'k'), await ask('tick', 'l'), await ask('byHand', 'k')];
      await room.delete(room.keys.job('tick'));
      await room.putJob({ name: 'tick' });
      ids.push(await ask('tick', 'k'));
      expect(new Set(ids).size).toBe(4);
    });
  });

  describe('to fill back', () => {
    const fill = (from: number, to: number, params?: Record<string, string>) =>
      control.backfill('tick', { from, to, ...(params ? { params } : {}) }, ann);

    it('ask for each scheduled time of the range, both ends included, oldest first', async () => {
      const { runIds } = await fill(START - 3 * MINUTE, START - MINUTE, { day: '7' });
      const requests = new Map((await room.requestsOf('tick')).map((request) => [request.runId, request]));
      expect(runIds.map((id) => requests.get(id))).toMatchObject(
        [3, 2, 1].map((minutes) => ({
          trigger: 'backfill',
          scheduledTime: START - minutes * MINUTE,
          notBefore: START,
          params: { day: '7' },
          jobGeneration: generation,
        })),
      );
      expect(requests.size).toBe(3);
    });

    it('know a single fire, and take a paused job as well', async () => {
      await room.putJob({ name: 'tick', paused: true });
      expect((await fill(START, START)).runIds).toHaveLength(1);
      expect((await fill(START - MINUTE + 1, START + MINUTE - 1)).runIds).toHaveLength(1);
    });

    it('ask for as many as are allowed at once, and for no more', async () => {
      expect((await fill(START, START + (MAX_BACKFILL - 1) * MINUTE)).runIds).toHaveLength(MAX_BACKFILL);
      await expect(fill(START, START + MAX_BACKFILL * MINUTE)).rejects.toThrow(InvalidInput);
      expect((await room.store.range(room.keys.requests, { limit: 5000 })).entries).toHaveLength(MAX_BACKFILL);
    });

    it.each<[string, typeof InvalidInput | typeof Conflict, (c: StoreJobControl) => Promise<unknown>]>([
      ['an end before its start', InvalidInput, (c) => c.backfill('tick', { from: START, to: START - 1 }, ann)],
      ['a range without a fire', InvalidInput, (c) => c.backfill('tick', { from: START + 1, to: START + 2 }, ann)],
      [
        'parameters the job does not have',
        InvalidInput,
        (c) => c.backfill('tick', { from: START, to: START, params: { dya: '' } }, ann),
      ],
      ['a job without a schedule', Conflict, (c) => c.backfill('byHand', { from: START, to: START }, ann)],
      ['a job that is invalid', Conflict, (c) => c.backfill('broken', { from: START, to: START }, ann)],
      ['a job that is not there', NotFound as never, (c) => c.backfill('none', { from: START, to: START }, ann)],
    ])('refuse %s', async (_what, error, ask) => {
      await expect(ask(control)).rejects.toThrow(error);
      expect(await room.requestsOf('tick')).toEqual([]);
    });
  });

  describe('to kill', () => {
    const earlier = { by: 'bob', why: 'first', at: START - 1 };

    beforeEach(async () => {
      await room.putRun(entryOf({ runId: 'claimed' }));
      await room.putRun(entryOf({ runId: 'running', state: 'running', pid: 7 }));
      await room.putRun(entryOf({ runId: 'marked', kill: earlier }));
      await room.putRun(entryOf({ runId: 'ended', state: 'finished', result: { status: 'succeeded' } }));
    });

    const marks = async () =>
      Object.fromEntries((await room.runsOf('tick')).map(({ runId, kill }) => [runId, kill?.why]));
    const order = async () => {
      const entry = await room.store.get(room.keys.killer('tick'));
      return entry && readKillOrder(entry.value);
    };

    it('a job mark all its live runs, and leave an order for those on their way', async () => {
      const { runIds } = await control.killJob('tick', { reason: 'stuck' }, ann);
      expect([...runIds].sort()).toEqual(['claimed', 'marked', 'running']);
      expect(await marks()).toEqual({ claimed: 'stuck', running: 'stuck', marked: 'first', ended: undefined });
      expect((await room.runOf('tick', 'running'))?.kill).toEqual({ by: 'ann', why: 'stuck', at: START });
      expect(await order()).toEqual({ by: 'ann', why: 'stuck' });
    });

    it('a job cancel its retries and backfills, and leave what people asked for', async () => {
      for (const trigger of ['retry', 'backfill', 'manual'] as const) {
        await room.putRequest(requestOf({ runId: trigger, trigger }));
      }
      const { runIds } = await control.killJob('tick', {}, ann);
      expect(runIds).toEqual(expect.arrayContaining(['retry', 'backfill']));
      expect(runIds).not.toContain('manual');
      expect((await room.requestsOf('tick')).map(({ runId }) => runId)).toEqual(['manual']);
      expect(await room.runOf('tick', 'retry')).toMatchObject({
        state: 'finished',
        trigger: 'retry',
        worker: 'm1',
        result: { status: 'cancelled', reason: 'killed, ann', killedBy: 'ann', endTime: START },
      });
    });

    it('a job mark a run that changes while they are written', async () => {
      const transactAll = room.store.transactAll.bind(room.store);
      let isFirst = true;
      vi.spyOn(room.store, 'transactAll').mockImplementation(async (asked) => {
        if (isFirst && asked.length > 1) {
          isFirst = false;
          await room.putRun(entryOf({ runId: 'claimed', state: 'running', pid: 9 }));
        }
        return transactAll(asked);
      });
      await control.killJob('tick', { reason: 'stuck' }, ann);
      expect(await room.runOf('tick', 'claimed')).toMatchObject({ state: 'running', pid: 9, kill: { why: 'stuck' } });
    });

    it('a job that is not there are refused', async () => {
      await expect(control.killJob('none', {}, ann)).rejects.toThrow(NotFound);
    });

    it('one run mark that one alone', async () => {
      await control.killRun('running', {}, ann);
      expect(await marks()).toEqual({ running: 'killed by hand', marked: 'first' });
      expect(await order()).toEqual({ runId: 'running', by: 'ann', why: 'killed by hand' });
    });

    it('one run are refused when it has ended, or never was', async () => {
      await expect(control.killRun('ended', {}, ann)).rejects.toThrow(Conflict);
      await expect(control.killRun('none', {}, ann)).rejects.toThrow(NotFound);
      await expect(control.killRun('nning', {}, ann)).rejects.toThrow(NotFound);
      recorded.add('forgotten');
      await expect(control.killRun('forgotten', {}, ann)).rejects.toThrow(Conflict);
      expect(await order()).toBeUndefined();
    });
  });

  describe('to cancel', () => {
    it('end a run that waits, and say by whom', async () => {
      await room.putRequest(requestOf());
      await control.cancelRun('wish-1', ann);
      expect(await room.requestsOf('tick')).toEqual([]);
      expect(await room.runOf('tick', 'wish-1')).toMatchObject({
        state: 'finished',
        result: { status: 'cancelled', reason: 'by hand, ann', killedBy: 'ann' },
      });
    });

    it('work for a job that is gone', async () => {
      await room.putRequest(requestOf({ jobName: 'gone' }));
      await control.cancelRun('wish-1', ann);
      expect(await room.runOf('gone', 'wish-1')).toMatchObject({ result: { status: 'cancelled' } });
    });

    it('are refused for a run that has started or never was', async () => {
      await room.putRun(entryOf({ runId: 'claimed' }));
      await expect(control.cancelRun('claimed', ann)).rejects.toThrow(Conflict);
      await expect(control.cancelRun('none', ann)).rejects.toThrow(NotFound);
    });

    it('are refused for a run that is taken in the same moment', async () => {
      await room.putRequest(requestOf());
      const transactAll = room.store.transactAll.bind(room.store);
      vi.spyOn(room.store, 'transactAll').mockImplementationOnce(async (asked) => {
        await room.delete(room.keys.request('tick', 'wish-1'));
        await room.putRun(entryOf({ runId: 'wish-1', trigger: 'manual' }));
        return transactAll(asked);
      });
      await expect(control.cancelRun('wish-1', ann)).rejects.toThrow(Conflict);
      expect(await room.runOf('tick', 'wish-1')).toMatchObject({ state: 'claimed' });
    });
  });
});

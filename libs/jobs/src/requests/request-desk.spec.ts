import { KeyMirror } from '@app/etcd';
import { StoreUnavailable, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { entryOf, type JobFields, JobsFixture, requestOf, START } from '../../../../test/support/jobs-fixture.js';
import type { RequestEntry } from '../store/request-entry.js';
import type { RunEntry, SessionRef } from '../store/run-entry.js';
import { RequestDesk } from './request-desk.js';

const holder = { runId: 'other', worker: 'w2', session: 's2', sessionRevision: 1 };

const CANCELLED = { status: 'cancelled', reason: 'killed, ann', killedBy: 'ann' };

describe('the desk for requests', () => {
  let room: JobsFixture;
  let desk: RequestDesk;
  let mirror: KeyMirror;
  let session: SessionRef | undefined;
  let rank: number;
  let freeSlots: number;
  let killedSince: boolean;
  let killRevision: number;
  let claimed: RunEntry[];
  let decided: RunEntry[];
  let answered: (string | undefined)[];

  beforeEach(async () => {
    room = new JobsFixture();
    await room.start();
    session = await room.join('w1');
    rank = 0;
    freeSlots = 1;
    killedSince = false;
    killRevision = 0;
    claimed = [];
    decided = [];
    answered = [];
    const { keys, clock, courier, registry, stopping } = room;
    const around = {
      claiming: () => session,
      reserveSlot: () => freeSlots > 0 && freeSlots-- > 0,
      releaseSlot: () => void freeSlots++,
      claimed: (entry: RunEntry) => void claimed.push(entry),
      decided: (entry: RunEntry) => void decided.push(entry),
      definition: (name: string) => registry.get(name),
      rank: () => rank,
      killOf: () => (killedSince ? { by: 'ann', why: 'enough' } : undefined),
      killRevision: () => killRevision,
      answered: (answer: { kind: string } | undefined) => void answered.push(answer?.kind),
    };
    desk = new RequestDesk('w1', keys, clock, silentLog, courier, around, stopping.signal);
    mirror = new KeyMirror(room.store, keys.requests, {
      clock,
      log: silentLog,
      onChange: (changes) => desk.apply(changes),
    });
    await mirror.start();
    desk.start();
  });

  afterEach(async () => {
    desk.stop();
    mirror.close();
    await room.close();
  });

  const job = async (fields: Partial<JobFields> = {}): Promise<number> =>
    (await room.putJob({ name: 'tick', ...fields })).createRevision;
  const ask = async (changes: Partial<RequestEntry> = {}, fields: Partial<JobFields> = {}): Promise<void> => {
    const jobGeneration = (await room.store.get(room.keys.job('tick')))?.createRevision ?? (await job(fields));
    await room.putRequest(requestOf({ jobGeneration, ...changes }));
  };
  /** Another run holds the lock. */
  const hold = async (slot = 0): Promise<void> => {
    await room.putRun(entryOf({ ...holder, lockSlot: slot }));
  };
  const free = (slot = 0): Promise<void> => room.delete(room.keys.lock('tick', slot));
  const ids = (entries: readonly RunEntry[]): string[] => entries.map(({ runId }) => runId);

  it('takes a request at once as a run of its own session, with the lock', async () => {
    await ask({ params: { day: '7' }, by: 'ann', trigger: 'manual' });
    const wish = { trigger: 'manual', params: { day: '7' }, requestedBy: 'ann' };
    const run = { ...session, ...wish, runId: 'wish-1', state: 'claimed', lockSlot: 0 };
    expect(claimed).toMatchObject([run]);
    expect(await room.runOf('tick', 'wish-1')).toMatchObject(run);
    expect(await room.has(room.keys.lock('tick'))).toBe(true);
    expect(await room.requestsOf('tick')).toEqual([]);
    expect({ size: desk.size, freeSlots }).toEqual({ size: 0, freeSlots: 1 });
    expect(answered).toEqual(['accepted']);
  });

  it('is idle again once the answer to its claim is here', async () => {
    rank = 1;
    await ask();
    expect(desk.isIdle).toBe(true);
    const transactAll = room.store.transactAll.bind(room.store);
    let answer!: () => void;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    vi.spyOn(room.store, 'transactAll').mockImplementationOnce(async (asked) => {
      const settled = await transactAll(asked);
      await held;
      return settled;
    });
    await room.clock.advanceAsync(1500);
    expect(desk.isIdle).toBe(false);
    desk.stop();
    answer();
    await room.settle();
    expect(ids(claimed)).toEqual(['wish-1']);
    expect(desk.isIdle).toBe(true);
  });

  it('takes what was there before it started', async () => {
    desk.stop();
    await ask();
    await room.clock.advanceAsync(60_000);
    expect(claimed).toEqual([]);
    desk.start();
    await room.settle();
    expect(ids(claimed)).toEqual(['wish-1']);
  });

  it.each([
    ['first', 0, 0],
    ['second', 1, 1500],
    ['third', 2, 2500],
    ['fourth', 3, 15_000],
  ])('takes it as the %s in rank after its delay', async (_place, ownRank, delayMs) => {
    rank = ownRank;
    await ask();
    if (delayMs > 0) {
      await room.clock.advanceAsync(delayMs - 1);
      expect(claimed).toEqual([]);
      await room.clock.advanceAsync(1);
    }
    expect(ids(claimed)).toEqual(['wish-1']);
  });

  it('never takes what it may not, until it may', async () => {
    rank = -1;
    await ask();
    await room.clock.advanceAsync(120_000);
    expect(claimed).toEqual([]);
    rank = 0;
    desk.fleetChanged();
    await room.settle();
    expect(ids(claimed)).toEqual(['wish-1']);
  });

  it('takes nothing before its time', async () => {
    await ask({ trigger: 'retry', notBefore: START + 10_000 });
    await room.clock.advanceAsync(9999);
    expect(claimed).toEqual([]);
    await room.clock.advanceAsync(1);
    expect(claimed).toMatchObject([{ claimedAt: START + 10_000, trigger: 'retry' }]);
  });

  it.each([
    ['this worker', 'w1', ['wish-1']],
    ['another worker', 'w2', []],
  ])('leaves a request at once to the worker it is bound to, whatever its rank: %s', async (_what, worker, taken) => {
    for (const [index, place] of [-1, 0, 3].entries()) {
      rank = place;
      freeSlots = 1;
      await ask({ worker, runId: `wish-${index}` }, { concurrencyPolicy: 'allow' });
      expect(ids(claimed.splice(0))).toEqual(taken.map(() => `wish-${index}`));
    }
    await room.clock.advanceAsync(60_000);
    expect(claimed).toEqual([]);
  });

  it('waits for a slot', async () => {
    freeSlots = 0;
    await ask();
    await room.clock.advanceAsync(5000);
    expect(claimed).toEqual([]);
    freeSlots = 1;
    await room.clock.advanceAsync(1000);
    expect(ids(claimed)).toEqual(['wish-1']);
  });

  it('waits for the right to claim', async () => {
    const own = session;
    session = undefined;
    await ask();
    await room.clock.advanceAsync(5000);
    session = own;
    await room.clock.advanceAsync(1000);
    expect(ids(claimed)).toEqual(['wish-1']);
  });

  it('leaves alone what another worker took first', async () => {
    rank = 1;
    await ask();
    await room.delete(room.keys.request('tick', 'wish-1'));
    await room.clock.advanceAsync(60_000);
    expect([claimed, decided]).toEqual([[], []]);
  });

  describe('at a held lock', () => {
    it('answers a person now: skipped, naming the run in the way', async () => {
      await job();
      await hold();
      await ask();
      const result = { status: 'skipped', reason: 'overlap: run other on w2' };
      expect(decided).toMatchObject([{ runId: 'wish-1', state: 'finished', result }]);
      expect(await room.requestsOf('tick')).toEqual([]);
      expect({ claimed, freeSlots }).toEqual({ claimed: [], freeSlots: 1 });
    });

    it.each(['retry', 'backfill'] as const)('lets a %s wait, and takes it when the lock is free', async (trigger) => {
      await job();
      await hold();
      await ask({ trigger });
      await room.clock.advanceAsync(60_000);
      expect([claimed, decided]).toEqual([[], []]);
      await free();
      desk.lockFreed('tick');
      await room.settle();
      expect(ids(claimed)).toEqual(['wish-1']);
    });

    it('finds out by itself within a second where another worker freed it', async () => {
      await job();
      await hold();
      await ask({ trigger: 'retry' });
      await room.clock.advanceAsync(5500);
      await free();
      await room.clock.advanceAsync(1000);
      expect(ids(claimed)).toEqual(['wish-1']);
    });

    it('takes the next slot where several may run at once, and skips only when all are taken', async () => {
      await job({ concurrencyPolicy: 'allow', maxConcurrent: 2 });
      await hold(0);
      await ask({ runId: 'a' });
      expect(claimed).toMatchObject([{ runId: 'a', lockSlot: 1 }]);
      await ask({ runId: 'b' });
      expect(decided).toMatchObject([{ runId: 'b', result: { status: 'skipped' } }]);
    });

    it('needs none where runs may overlap', async () => {
      await ask({}, { concurrencyPolicy: 'allow' });
      expect(claimed[0]).not.toHaveProperty('lockSlot');
      expect(await room.has(room.keys.lock('tick'))).toBe(false);
    });
  });

  describe('with backfills', () => {
    const backfill = (runId: string, minutes: number): Promise<void> =>
      ask({ runId, trigger: 'backfill', scheduledTime: START - minutes * 60_000 });

    it('takes them one after the other, the oldest first, however they arrive', async () => {
      await job();
      await hold();
      for (const [runId, minutes] of [
        ['middle', 2],
        ['newest', 1],
        ['oldest', 3],
      ] as const) {
        await backfill(runId, minutes);
      }
      for (const next of ['oldest', 'middle', 'newest']) {
        await free();
        desk.lockFreed('tick');
        await room.settle();
        expect(claimed.at(-1)?.runId).toBe(next);
        await room.clock.advanceAsync(20_000);
        expect(claimed.at(-1)?.runId).toBe(next);
      }
      expect(claimed).toHaveLength(3);
    });

    it('takes the oldest first also where a newer one is due before it', async () => {
      rank = 1;
      await backfill('newer', 1);
      await room.clock.advanceAsync(100);
      await ask({ runId: 'older', trigger: 'backfill', scheduledTime: START - 120_000, notBefore: START + 100 });
      await room.clock.advanceAsync(1500);
      expect(ids(claimed)).toEqual(['older']);
    });

    it('lets none wait for an older retry that is not due yet', async () => {
      await job();
      const retry = { runId: 'retry', trigger: 'retry', scheduledTime: START - 3_600_000 } as const;
      await ask({ ...retry, notBefore: START + 3_600_000 });
      await backfill('b1', 1);
      expect(ids(claimed)).toEqual(['b1']);
      await backfill('b0', 0);
      await free();
      desk.lockFreed('tick');
      await room.settle();
      expect(ids(claimed)).toEqual(['b1', 'b0']);
    });

    it('takes all at once where they may overlap', async () => {
      await job({ concurrencyPolicy: 'allow' });
      freeSlots = 3;
      for (const minutes of [1, 2, 3]) await backfill(`b${minutes}`, minutes);
      expect(claimed).toHaveLength(3);
    });
  });

  describe('ends a request without a run', () => {
    it('when the job is gone', async () => {
      await ask({ jobName: 'gone', jobGeneration: 7 });
      await room.settle();
      expect(decided).toMatchObject([{ jobName: 'gone', result: { status: 'cancelled', reason: 'jobDeleted' } }]);
      expect(await room.requestsOf('gone')).toEqual([]);
    });

    it('when the job is another one of the name', async () => {
      await job();
      await ask({ jobGeneration: 1 });
      expect(decided).toMatchObject([{ result: { status: 'cancelled', reason: 'jobDeleted' } }]);
    });

    it('when the job is no longer valid', async () => {
      await ask({ notBefore: START + 1000 });
      await room.put(room.keys.job('tick'), 'garbage');
      await room.clock.advanceAsync(1000);
      expect(decided).toMatchObject([{ result: { status: 'cancelled', reason: 'jobInvalid' } }]);
    });

    it.each([
      ['retry', [CANCELLED]],
      ['backfill', [CANCELLED]],
      ['manual', []],
    ] as const)('when the job was killed since: %s', async (trigger, ends) => {
      killedSince = true;
      await ask({ trigger });
      expect(decided.map(({ result }) => result)).toMatchObject(ends);
      expect(claimed).toHaveLength(ends.length === 0 ? 1 : 0);
    });
  });

  it('ends at once what a kill means, however long it was to wait', async () => {
    await ask({ trigger: 'retry', notBefore: START + 3_600_000 });
    await ask({ trigger: 'manual', runId: 'by hand', notBefore: START + 3_600_000 });
    desk.jobKilled('tick');
    await room.settle();
    expect(decided).toEqual([]);
    killedSince = true;
    desk.jobKilled('other');
    await room.settle();
    expect(decided).toEqual([]);
    desk.jobKilled('tick');
    await room.settle();
    expect(decided).toMatchObject([{ runId: 'wish-1', result: CANCELLED }]);
    expect(await room.requestsOf('tick')).toMatchObject([{ runId: 'by hand' }]);
  });

  it.each([
    ['retry', false],
    ['backfill', false],
    ['manual', true],
  ] as const)('takes no %s while a kill stands that it has not heard of yet', async (trigger, isTaken) => {
    const revision = await room.put(room.keys.killer('tick'), '');
    await ask({ trigger });
    expect(claimed).toHaveLength(isTaken ? 1 : 0);
    killRevision = revision;
    await room.clock.advanceAsync(2_000);
    expect(ids(claimed)).toEqual(['wish-1']);
  });

  it('takes it once, though the answer to its claim was lost', async () => {
    await job();
    const transactAll = room.store.transactAll.bind(room.store);
    vi.spyOn(room.store, 'transactAll')
      .mockImplementationOnce(transactAll)
      .mockImplementationOnce(async (asked) => {
        await transactAll(asked);
        return asked.map(() => ({ ok: false as const, error: new StoreUnavailable('test', 'unknown') }));
      });
    await ask();
    expect({ claimed, isDeciding: desk.isDeciding('wish-1') }).toEqual({ claimed: [], isDeciding: true });
    expect(await room.requestsOf('tick')).toEqual([]);
    await room.clock.advanceAsync(200);
    expect({ claimed: ids(claimed), isDeciding: desk.isDeciding('wish-1') }).toEqual({
      claimed: ['wish-1'],
      isDeciding: false,
    });
    await room.clock.advanceAsync(60_000);
    expect(claimed).toHaveLength(1);
  });

  it('takes nothing that is no request', async () => {
    await job();
    await room.put(room.keys.request('tick', 'x'), 'garbage');
    await room.clock.advanceAsync(60_000);
    expect({ size: desk.size, claimed, decided }).toEqual({ size: 0, claimed: [], decided: [] });
  });
});

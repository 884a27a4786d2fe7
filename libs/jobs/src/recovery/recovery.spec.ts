import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endOf, entryOf, JobsFixture } from '../../../../test/support/jobs-fixture.js';
import type { StoredRun } from '../claiming/run-writes.js';
import type { Testimony } from '../running/run-host.js';
import type { RunKeeper } from '../running/run-keeper.js';
import type { RunEntry, SessionRef } from '../store/run-entry.js';
import { Auditor } from './auditor.js';
import { type EarlierLives, Recovery } from './recovery.js';

/** Notes what it is given, and starts nothing. */
class NotingKeeper {
  readonly taken: StoredRun[] = [];
  readonly known = new Set<string>();

  knows(runId: string): boolean {
    return this.known.has(runId);
  }

  takeUnstarted(stored: StoredRun): void {
    this.taken.push(stored);
  }
}

describe('recovery', () => {
  let room: JobsFixture;
  let keeper: NotingKeeper;
  let recovery: Recovery;
  let session: SessionRef;
  let jobGeneration: number;

  beforeEach(async () => {
    room = new JobsFixture();
    await room.start();
    keeper = new NotingKeeper();
    session = await room.join('w1');
    jobGeneration = (await room.putJob({ name: 'tick' })).createRevision;
    const { store, keys, clock, courier, delivery, registry, stopping } = room;
    recovery = new Recovery({
      store,
      keys,
      clock,
      log: silentLog,
      workerId: 'w1',
      courier,
      delivery,
      registry,
      keeper: keeper as unknown as RunKeeper,
      signal: stopping.signal,
      session: () => session,
    });
  });

  afterEach(() => room.close());

  const orphan = async (changes: Partial<RunEntry> = {}): Promise<StoredRun> => {
    const entry = entryOf({ session: 'dead', jobGeneration, lockSlot: 0, ...changes });
    return { entry, modRevision: await room.putRun(entry) };
  };

  describe('of a run that nobody here knew', () => {
    const adopt = async (stored: StoredRun): Promise<void> => {
      await recovery.adopt(stored, 7);
      await room.settle();
    };

    it('binds it to this session and gives it to the keeper, to start or to end', async () => {
      await adopt(await orphan());
      const [taken] = keeper.taken;
      expect(taken?.entry).toMatchObject({ runId: 'run-1', ...session });
      expect(await room.runOf('tick', 'run-1')).toMatchObject(session);
      expect(taken?.modRevision).toBe((await room.store.get(room.keys.run('tick', 'run-1')))?.modRevision);
    });

    it('leaves it to whoever changed it first, and to ourselves where we know it by now', async () => {
      const stored = await orphan();
      await room.putRun({ ...stored.entry, state: 'finished', result: { status: 'lost' } });
      await adopt(stored);
      keeper.known.add('run-2');
      await adopt(await orphan({ runId: 'run-2' }));
      expect(keeper.taken).toEqual([]);
    });

    it('ends a fire when its job was paused since, and starts what somebody asked for', async () => {
      const fire = await orphan();
      const asked = await orphan({ runId: 'asked', trigger: 'manual' });
      await room.putJob({ name: 'tick', paused: true });
      await room.settle();
      await adopt(fire);
      await adopt(asked);
      expect(room.recorder.recorded).toMatchObject([{ id: 'run-1', status: 'missed', reason: 'notStarted' }]);
      expect(keeper.taken.map(({ entry }) => entry.runId)).toEqual(['asked']);
    });

    it('ends it when its job is gone, and frees its lock', async () => {
      const stored = await orphan();
      await room.delete(room.keys.job('tick'));
      await adopt(stored);
      expect(room.recorder.recorded).toMatchObject([{ id: 'run-1', status: 'missed', reason: 'notStarted' }]);
      expect(await room.has(room.keys.lock('tick'))).toBe(false);
    });
  });

  describe('of earlier lives', () => {
    const testimony = (runId: string, state: Testimony['state'], isWell = false): Testimony => ({
      runId,
      jobName: 'tick',
      session: 'dead',
      state,
      ...(isWell ? { end: endOf({ runId }) } : {}),
    });
    /** Gives the runs of which the journal may forget. */
    const recover = async (changes: Partial<EarlierLives> = {}): Promise<readonly string[]> => {
      const settled = await recovery.recover({ runs: [], sessions: ['dead'], proven: true, ...changes });
      await room.settle();
      return settled;
    };

    it('ends what had started by what the journal knows, with its output', async () => {
      await orphan({ runId: 'well' });
      await orphan({ runId: 'torn' });
      await recover({ runs: [testimony('well', 'ended', true), testimony('torn', 'mayHaveStarted')] });
      expect(await room.runOf('tick', 'well')).toMatchObject({ state: 'finished', result: { status: 'succeeded' } });
      expect(await room.runOf('tick', 'torn')).toMatchObject({ state: 'finished', result: { status: 'lost' } });
      const byId = Object.fromEntries(room.recorder.recorded.map((run) => [run.id, run]));
      expect(byId).toMatchObject({ well: { status: 'succeeded', output: 'out' }, torn: { status: 'lost' } });
      expect(await room.has(room.keys.lock('tick'))).toBe(false);
    });

    it('starts what was never started, named in the journal or not', async () => {
      await orphan({ runId: 'named' });
      await orphan({ runId: 'unnamed' });
      await recover({ runs: [testimony('named', 'neverStarted')] });
      expect(keeper.taken.map(({ entry }) => entry.runId).sort()).toEqual(['named', 'unnamed']);
    });

    it('ends the others where the store will never take the end of one, and keeps what the journal says of that', async () => {
      for (const runId of ['poison', 'well']) await orphan({ runId });
      room.refuse(room.keys.run('tick', 'poison'));
      const settled = await recover({ runs: ['poison', 'well'].map((id) => testimony(id, 'ended', true)) });
      expect(settled).toEqual(['well']);
      expect(room.recorder.recorded).toMatchObject([{ id: 'well', status: 'succeeded' }]);
      expect(await room.runOf('tick', 'poison')).toMatchObject({ state: 'claimed' });
    });

    it('lets the journal forget what is ended or was over, not what is started again, nothing without proof', async () => {
      await orphan({ runId: 'well' });
      keeper.known.add('again');
      const runs = ['well', 'again', 'over'].map((id) => testimony(id, 'ended', true));
      expect(await recover({ runs, proven: false })).toEqual([]);
      expect(await recover({ runs })).toEqual(['well', 'over']);
    });

    it('hands over what had ended and was not recorded', async () => {
      await orphan({ state: 'finished', result: { status: 'failed', reason: 'exit: 2' } });
      await recover();
      expect(room.recorder.recorded).toMatchObject([{ id: 'run-1', status: 'failed' }]);
    });

    it.each<[string, Partial<EarlierLives>, Partial<RunEntry>]>([
      ['without proof', { proven: false }, {}],
      ['without a session to speak of', { sessions: [] }, {}],
      ['of a session the journal does not name', { sessions: ['older'] }, {}],
      ['of another worker', {}, { worker: 'w2' }],
    ])('touches nothing %s', async (_what, earlier, changes) => {
      await orphan(changes);
      await recover({ runs: [testimony('run-1', 'ended', true)], ...earlier });
      expect(await room.runOf('tick', 'run-1')).toMatchObject({ state: 'claimed' });
      expect([keeper.taken, room.recorder.recorded]).toEqual([[], []]);
    });

    it('touches nothing of the session that lives', async () => {
      await orphan(session);
      await recover({ sessions: [session.session] });
      expect(keeper.taken).toEqual([]);
    });
  });

  describe('by the audit', () => {
    it('finds the runs of this session that nobody here knows, every fifteen seconds', async () => {
      const adopted: string[] = [];
      const auditor = new Auditor(room.store, room.keys, room.clock, silentLog, {
        current: () => session,
        knows: (runId) => runId === 'known',
        killed: () => {},
        isInFlight: ({ runId }) => runId === 'inFlight',
        adopt: ({ entry }, fenceRevision) => adopted.push(`${entry.runId} ${fenceRevision > 0}`),
      });
      for (const runId of ['known', 'inFlight', 'stranger']) await orphan({ runId, ...session });
      await orphan({ runId: 'over', ...session, state: 'finished', result: { status: 'succeeded' } });
      await orphan({ runId: 'of another session' });
      auditor.start();
      await room.clock.advanceAsync(14_999);
      expect(adopted).toEqual([]);
      await room.clock.advanceAsync(1);
      expect(adopted).toEqual(['stranger true']);
      await room.clock.advanceAsync(15_000);
      expect(adopted).toHaveLength(2);
      auditor.stop();
      await room.clock.advanceAsync(60_000);
      expect(adopted).toHaveLength(2);
    });

    it('waits for a store that is away', async () => {
      const auditor = new Auditor(room.store, room.keys, room.clock, silentLog, {
        current: () => session,
        knows: () => false,
        killed: () => {},
        isInFlight: () => false,
        adopt: () => {},
      });
      await room.store.close();
      auditor.start();
      await room.clock.advanceAsync(60_000);
      expect(room.clock.pendingTimers).toBeGreaterThan(0);
      auditor.stop();
    });
  });
});

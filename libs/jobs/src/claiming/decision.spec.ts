import { type CoordinationStore, MemoryStore, put, type Settled } from '@app/etcd';
import { ManualClock } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Cursor, readCursor, writeCursor } from '../store/cursor.js';
import { Keys } from '../store/keys.js';
import { type RunEntry, readLockHolder, readRunEntry, type SessionRef } from '../store/run-entry.js';
import {
  type Answer,
  type Decision,
  decisionTransaction,
  knownCursor,
  type LockCondition,
  readAnswer,
} from './decision.js';

const keys = new Keys('/cron');
const FREE: LockCondition = { kind: 'take', slot: 0 };
const NONE: LockCondition = { kind: 'none' };

describe('a decision about a fire', () => {
  let store: CoordinationStore;
  let mine: SessionRef;
  let other: SessionRef;
  let jobRevision: number;
  let cursorRevision: number;

  const write = async (key: string, value: string, lease?: string): Promise<number> => {
    const [settled] = await store.transactAll([{ compare: [], then: [put(key, value, lease)] }]);
    if (!settled?.ok) throw settled?.error;
    return settled.result.revision;
  };
  const begin = async (worker: string): Promise<SessionRef> => {
    const session = await store.grantLease(10);
    return { worker, session, sessionRevision: await write(keys.worker(worker), '{}', session) };
  };
  const cursor = (at: number): Cursor => ({ at, generation: 1, fingerprint: 'f', runs: 0, resets: 0 });
  const entry = (session: SessionRef, fields: Partial<RunEntry> = {}): RunEntry => ({
    ...session,
    runId: 'run.1',
    jobName: 'job',
    state: 'claimed',
    trigger: 'schedule',
    scheduledTime: 2000,
    claimedAt: 2001,
    attempt: 1,
    rootRunId: 'run.1',
    jobRevision,
    jobGeneration: 1,
    cursorResets: 0,
    gap: [{ from: 1000, to: 1000, count: 1, status: 'missed', reason: 'superseded' }],
    ...fields,
  });
  const decision = (session: SessionRef, lock: LockCondition, fields: Partial<Decision> = {}): Decision => ({
    jobName: 'job',
    jobRevision,
    known: { cursor: cursor(0), revision: cursorRevision },
    next: cursor(2000),
    entry: entry(session, lock.kind === 'take' ? { lockSlot: lock.slot } : {}),
    session,
    lock,
    ...fields,
  });
  const send = async (what: Decision): Promise<Answer> => {
    const [settled] = (await store.transactAll([decisionTransaction(keys, what)])) as [Settled];
    if (!settled.ok) throw settled.error;
    return readAnswer(what, settled.result);
  };

  beforeEach(async () => {
    store = new MemoryStore(new ManualClock());
    mine = await begin('mine');
    other = await begin('other');
    jobRevision = await write(keys.job('job'), '{}');
    cursorRevision = await write(keys.cursor('job'), writeCursor(cursor(0)));
  });

  it('moves the cursor, puts the run with the gap before it, and takes the lock, all at once', async () => {
    const answer = await send(decision(mine, FREE));
    expect(answer).toMatchObject({ kind: 'accepted', known: { cursor: { at: 2000 } } });
    const [run, lock, moved] = await Promise.all(
      [keys.run('job', 'run.1'), keys.lock('job'), keys.cursor('job')].map((key) => store.get(key)),
    );
    expect(readRunEntry(run?.value as Buffer)).toMatchObject({ state: 'claimed', gap: [{ count: 1 }] });
    expect(readLockHolder(lock?.value as Buffer)).toEqual({ ...mine, runId: 'run.1' });
    expect(readCursor(moved?.value as Buffer)?.at).toBe(2000);
    expect(new Set([run, lock, moved].map((each) => each?.modRevision)).size).toBe(1);
  });

  it('is made by exactly one of many', async () => {
    const answers = [await send(decision(mine, FREE)), await send(decision(other, FREE))];
    expect(answers.map(({ kind }) => kind)).toEqual(['accepted', 'cursorMoved']);
    expect(answers[1]).toMatchObject({ known: { cursor: { at: 2000 } } });
  });

  it('sent again after a lost answer is known to be ours', async () => {
    await send(decision(mine, FREE));
    expect(await send(decision(mine, FREE))).toMatchObject({ kind: 'accepted', entry: { state: 'claimed' } });
  });

  it.each<[string, () => Promise<unknown>, Answer['kind']]>([
    ['the definition was changed', () => write(keys.job('job'), '{"a":1}'), 'definitionChanged'],
    ['the session ended', () => store.revokeLease(mine.session), 'sessionGone'],
    ['the lock is held', () => write(keys.lock('job'), '{}'), 'lockHeld'],
    ['the cursor moved', () => write(keys.cursor('job'), writeCursor(cursor(1))), 'cursorMoved'],
  ])('is refused, and says why, when %s', async (_, happen, kind) => {
    await happen();
    expect((await send(decision(mine, FREE))).kind).toBe(kind);
    expect(await store.get(keys.run('job', 'run.1'))).toBeUndefined();
  });

  describe('to skip a fire because the lock is held', () => {
    let lockRevision: number;
    const heldBy = (): LockCondition => ({
      kind: 'heldBy',
      slot: 0,
      lockRevision,
      holder: { ...other, runId: 'before.1' },
    });

    beforeEach(async () => {
      lockRevision = await write(keys.lock('job'), JSON.stringify({ ...other, runId: 'before.1' }));
    });

    it('stands on the word of a live holder', async () => {
      expect((await send(decision(mine, heldBy()))).kind).toBe('accepted');
    });

    it('waits when the session of the holder is gone', async () => {
      await store.revokeLease(other.session);
      expect((await send(decision(mine, heldBy()))).kind).toBe('holderGone');
    });

    it('looks again when the lock is another', async () => {
      await write(keys.lock('job'), 'x');
      expect((await send(decision(mine, heldBy()))).kind).toBe('lockChanged');
    });

    it('finds its own earlier claim, should that have come through after all', async () => {
      await store.transactAll([{ compare: [], then: [{ kind: 'delete', key: keys.lock('job') }] }]);
      await send(decision(mine, FREE));
      const skip = decision(mine, heldBy(), { entry: entry(mine, { state: 'finished' }) });
      expect(await send(skip)).toMatchObject({ kind: 'accepted', entry: { state: 'claimed' } });
    });
  });

  it('needs no lock where runs may overlap', async () => {
    await write(keys.lock('job'), 'held');
    expect((await send(decision(mine, NONE))).kind).toBe('accepted');
  });

  it('knows the generation of a job that came into being with its cursor', async () => {
    const revision = await write(keys.cursor('new'), writeCursor({ ...cursor(5), generation: 0 }));
    expect(knownCursor(await store.get(keys.cursor('new'))).cursor?.generation).toBe(revision);
    expect(knownCursor(undefined)).toEqual({ cursor: undefined, revision: 0 });
  });
});

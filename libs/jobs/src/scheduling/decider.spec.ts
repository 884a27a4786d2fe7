import type { CoordinationStore, Settled, Transaction } from '@app/etcd';
import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentOf, type JobFields, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { Courier } from '../claiming/courier.js';
import type { JobDefinition } from '../registry/job-definition.js';
import { writeCursor } from '../store/cursor.js';
import type { RunEntry, SessionRef } from '../store/run-entry.js';
import { writeLockHolder } from '../store/run-entry.js';
import { CursorReader } from './cursor-reader.js';
import { Decider, type DeciderSurroundings } from './decider.js';
import { JobTrack } from './job-track.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('a worker that decides', () => {
  let room: JobsFixture;
  let decider: Decider;
  let session: SessionRef | undefined;
  let slots: number;
  let mayDecide: boolean;
  let ownLock: ReturnType<DeciderSurroundings['ownLock']>;
  const claimed: RunEntry[] = [];
  const heldUp: string[] = [];
  const decided: RunEntry[] = [];
  const answered: (string | undefined)[] = [];
  const asked: [what: string, delayMs?: number][] = [];

  beforeEach(async () => {
    room = new JobsFixture();
    await room.start();
    session = await room.join('w1');
    slots = 5;
    mayDecide = true;
    ownLock = undefined;
    for (const list of [claimed, heldUp, decided, asked, answered]) list.length = 0;
    decider = deciderOver(room.store);
  });

  afterEach(() => room.close());

  function deciderOver(store: CoordinationStore): Decider {
    const { keys, clock, stopping } = room;
    const around: DeciderSurroundings = {
      claiming: () => session,
      mayDecide: () => mayDecide,
      reserveSlot: () => slots > 0 && slots-- > 0,
      releaseSlot: () => slots++,
      hasFreeSlot: () => slots > 0,
      ownLock: () => ownLock,
      claimed: (entry, _revision, _modRevision, _definition, hasWaited) => {
        claimed.push(entry);
        if (hasWaited) heldUp.push(entry.runId);
      },
      decided: (entry) => decided.push(entry),
      earlierOf: () => undefined,
      knownSince: () => clock.now(),
      later: (_track, delayMs) => asked.push(['later', delayMs]),
      slotWanted: () => asked.push(['slotWanted']),
      answered: (answer) => answered.push(answer?.kind),
    };
    const courier = new Courier(store, clock, silentLog);
    return new Decider(keys, clock, silentLog, courier, new CursorReader(store, keys), around, stopping.signal);
  }

  /** A job whose fires are decided up to now, and what is known of it: nothing yet. */
  async function jobOf(fields: Partial<JobFields> = {}): Promise<JobTrack> {
    const definition = await room.putJob({ name: 'tick', ...fields });
    await room.put(room.keys.cursor('tick'), writeCursor(cursorAt(definition, room.clock.now())));
    return new JobTrack(definition);
  }

  const cursorAt = (definition: JobDefinition, at: number) => ({
    at,
    generation: definition.createRevision,
    fingerprint: definition.fingerprint,
    runs: 0,
    resets: 0,
  });

  it('claims a fire once, moves the cursor with it, and does nothing when nothing is due', async () => {
    const track = await jobOf();
    await decider.decide(track);
    expect(claimed).toEqual([]);
    room.clock.advance(MINUTE);
    await decider.decide(track);
    await decider.decide(track);
    expect(claimed).toMatchObject([{ scheduledTime: START + MINUTE, state: 'claimed', lockSlot: 0, gap: [] }]);
    expect(await room.cursorOf('tick')).toMatchObject({ at: START + MINUTE, runs: 1 });
    expect(slots).toBe(5);
    expect(heldUp).toEqual([]);
  });

  it('leaves of the cursor whatever a fire does not change', async () => {
    const track = await jobOf();
    const before = { ...cursorAt(track.definition, START), since: START - 1, runs: 7, resets: 2 };
    await room.put(room.keys.cursor('tick'), writeCursor(before));
    room.clock.advance(MINUTE);
    await decider.decide(track);
    expect(await room.cursorOf('tick')).toEqual({ ...before, at: START + MINUTE, runs: 8 });
  });

  it('leaves fires to others without a right to claim, and asks for a slot where none is free', async () => {
    const track = await jobOf();
    room.clock.advance(MINUTE);
    const mine = session;
    session = undefined;
    await decider.decide(track);
    expect(asked).toEqual([]);
    session = mine;
    slots = 0;
    await decider.decide(track);
    expect(asked).toEqual([['slotWanted']]);
    expect(await room.runsOf('tick')).toEqual([]);
  });

  it('leaves a fire to others where the job has gone to another group while the fire waited', async () => {
    const track = await jobOf();
    room.clock.advance(MINUTE);
    mayDecide = false;
    await decider.decide(track);
    expect([await room.runsOf('tick'), (await room.cursorOf('tick'))?.at, slots]).toEqual([[], START, 5]);
    await room.putJob({ name: 'tick', cronExpr: '*/2 * * * *' });
    await decider.decide(new JobTrack(await room.definition('tick')));
    expect((await room.cursorOf('tick'))?.at, 'nor is its new definition adopted').toBe(START);
  });

  it('lets one of two workers have the fire, and the other one learn of it', async () => {
    const [track, other] = [await jobOf(), new JobTrack(await room.definition('tick'))];
    await decider.decide(other);
    room.clock.advance(MINUTE);
    expect(await decider.decide(track), 'beaten').toBe(false);
    session = await room.join('w2');
    expect(await decider.decide(other), 'beaten').toBe(true);
    expect(claimed).toMatchObject([{ worker: 'w1' }]);
    // The second had only read the cursor so far, long before.
    expect(answered).toEqual(['accepted', 'cursorMoved']);
    expect(other.known?.cursor?.at).toBe(START + MINUTE);
  });

  it('adopts a job that another client put: nothing fires for a time before now', async () => {
    const definition = await room.putJob({ name: 'tick' });
    room.clock.advance(5 * MINUTE);
    await decider.decide(new JobTrack(definition));
    expect(claimed).toEqual([]);
    expect(await room.cursorOf('tick')).toMatchObject({
      at: START + 5 * MINUTE,
      generation: definition.createRevision,
      fingerprint: definition.fingerprint,
    });
  });

  it('starts over from now when somebody deletes the cursor', async () => {
    const track = await jobOf();
    room.clock.advance(MINUTE);
    await decider.decide(track);
    await room.delete(room.keys.cursor('tick'));
    room.clock.advance(MINUTE);
    await decider.decide(track);
    expect(await room.cursorOf('tick')).toMatchObject({ at: START + 2 * MINUTE });
    room.clock.advance(MINUTE);
    slots = 5;
    await room.delete(room.keys.lock('tick'));
    await decider.decide(track);
    expect(claimed.map(({ scheduledTime }) => scheduledTime)).toEqual([START + MINUTE, START + 3 * MINUTE]);
  });

  it('misses what is too late, all of it in one decision', async () => {
    const track = await jobOf({ cronExpr: '0 * * * *', misfirePolicy: 'skip' });
    room.clock.advance(3 * HOUR + 5 * MINUTE);
    await decider.decide(track);
    expect(decided).toMatchObject([
      {
        scheduledTime: START + 3 * HOUR,
        state: 'finished',
        result: { status: 'missed', reason: 'deadline' },
        gap: [{ from: START + HOUR, to: START + 2 * HOUR, count: 2, status: 'missed', reason: 'deadline' }],
      },
    ]);
    expect(await room.cursorOf('tick')).toMatchObject({ at: START + 3 * HOUR, runs: 0 });
  });

  it('stops at the highest number of runs', async () => {
    const track = await jobOf({ maxRuns: 2, concurrencyPolicy: 'allow' });
    for (let fire = 0; fire < 4; fire++) {
      room.clock.advance(MINUTE);
      await decider.decide(track);
    }
    expect(claimed).toHaveLength(2);
  });

  describe('at a held lock', () => {
    const hold = async (worker: string): Promise<number> => {
      const holder = { ...(await room.join(worker)), runId: 'long' };
      return room.put(room.keys.lock('tick'), writeLockHolder(holder));
    };

    it('skips the fire on the word of a living holder', async () => {
      const track = await jobOf();
      await hold('w2');
      room.clock.advance(MINUTE);
      await decider.decide(track);
      expect(decided).toMatchObject([{ result: { status: 'skipped', reason: 'overlap: run long on w2' } }]);
      expect(await room.cursorOf('tick')).toMatchObject({ at: START + MINUTE, runs: 0 });
    });

    it('waits where the holder is gone, and gives the fire up after the starting deadline', async () => {
      const track = await jobOf({ cronExpr: '0 * * * *' });
      await hold('w2');
      await room.delete(room.keys.worker('w2'));
      room.clock.advance(HOUR);
      await decider.decide(track);
      room.clock.advance(60 * SECOND);
      await decider.decide(track);
      expect(asked).toEqual([
        ['later', SECOND],
        ['later', SECOND],
      ]);
      expect(await room.runsOf('tick')).toEqual([]);
      room.clock.advance(SECOND);
      await decider.decide(track);
      expect(decided).toMatchObject([
        { scheduledTime: START + HOUR, result: { status: 'missed', reason: 'holderGone: run long on w2' } },
      ]);
    });

    it('gives up the fires of a job that fires often, too, though the newest is always fresh', async () => {
      const track = await jobOf();
      await hold('w2');
      await room.delete(room.keys.worker('w2'));
      for (let minute = 1; minute <= 2; minute++) {
        room.clock.advance(MINUTE);
        await decider.decide(track);
        expect(decided).toEqual([]);
      }
      room.clock.advance(SECOND);
      await decider.decide(track);
      expect(decided).toMatchObject([
        {
          scheduledTime: START + 2 * MINUTE,
          gap: [{ from: START + MINUTE, to: START + MINUTE, reason: 'superseded' }],
          result: { status: 'missed', reason: 'holderGone: run long on w2' },
        },
      ]);
    });

    it('waits for its own run that is just ending', async () => {
      const track = await jobOf();
      if (!session) throw new Error('no session');
      ownLock = { holder: { ...session, runId: 'mine' }, lockRevision: 1, isEnding: true };
      room.clock.advance(MINUTE);
      await decider.decide(track);
      expect(asked).toEqual([['later', SECOND]]);
    });

    it('takes the fire once the lock is free', async () => {
      const track = await jobOf();
      await hold('w2');
      await room.delete(room.keys.worker('w2'));
      room.clock.advance(MINUTE);
      await decider.decide(track);
      await room.delete(room.keys.lock('tick'));
      await decider.decide(track);
      expect(heldUp).toEqual(claimed.map(({ runId }) => runId));
      expect(claimed).toMatchObject([{ scheduledTime: START + MINUTE }]);
    });
  });

  it('knows of a claim on its way, also when the job is gone and there again meanwhile', async () => {
    const track = await jobOf();
    const answers = heldAnswers(room.store);
    decider = deciderOver(answers.store);
    track.learn({ cursor: cursorAt(track.definition, START), revision: await revisionOf('tick') });
    room.clock.advance(MINUTE);
    const deciding = decider.decide(track);
    await room.settle();
    expect(await room.runsOf('tick')).toHaveLength(1);
    await room.delete(room.keys.job('tick'));
    await room.put(room.keys.job('tick'), JSON.stringify(documentOf({ name: 'tick' })));
    expect(decider.isDeciding('tick')).toBe(true);
    expect(decider.isIdle).toBe(false);
    answers.release();
    await deciding;
    expect(claimed).toHaveLength(1);
    expect(decider.isDeciding('tick')).toBe(false);
    expect(decider.isIdle).toBe(true);
  });

  const revisionOf = async (name: string): Promise<number> =>
    (await room.store.get(room.keys.cursor(name)))?.modRevision ?? 0;
});

/** The store, whose answers to transactions wait until they are released. */
function heldAnswers(inner: CoordinationStore): { store: CoordinationStore; release(): void } {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const transactAll = async (transactions: readonly Transaction[]): Promise<readonly Settled[]> => {
    const settled = await inner.transactAll(transactions);
    await released;
    return settled;
  };
  const store = new Proxy(inner, {
    get: (target, name) => (name === 'transactAll' ? transactAll : Reflect.get(target, name, target)),
  });
  return { store, release: () => release() };
}

import { KeyMirror, StoreRefused } from '@app/etcd';
import { LeaseLost, pause, StoreUnavailable, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobsFixture, presenceOf, START } from '../../../../test/support/jobs-fixture.js';
import { readPresence, type WorkerPresence, writePresence } from '../store/presence.js';
import type { SessionRef } from '../store/run-entry.js';
import { WorkerIdTaken, WorkerSession } from './worker-session.js';

const away = new StoreUnavailable('test', 'unknown');

describe('a worker session', () => {
  let room: JobsFixture;
  let session: WorkerSession;
  let isAlone: boolean;
  let told: string[];
  let deadlines: number[];

  const sessionOf = (presence: WorkerPresence): WorkerSession =>
    new WorkerSession(room.store, room.keys, room.clock, silentLog, presence, () => isAlone, {
      began: (ref) => told.push(`began ${ref.session}`),
      lost: (ref) => told.push(`lost ${ref.session}`),
      deadline: (_ref, deadlineBootMs) => deadlines.push(deadlineBootMs),
    });

  beforeEach(() => {
    room = new JobsFixture();
    isAlone = false;
    told = [];
    deadlines = [];
    session = sessionOf(presenceOf('w1'));
  });

  afterEach(async () => {
    await session.stop();
    await room.close();
  });

  const stored = async (id = 'w1'): Promise<(WorkerPresence & { lease?: string | undefined }) | undefined> => {
    const entry = await room.store.get(room.keys.worker(id));
    const presence = entry && readPresence(entry.value);
    return presence && { ...presence, lease: entry?.lease };
  };
  const current = (): SessionRef => session.current as SessionRef;
  /** The store answers no keep-alive until it is called. */
  const silence = (): (() => void) => {
    const spy = vi.spyOn(room.store, 'keepAlive').mockRejectedValue(away);
    return () => spy.mockRestore();
  };

  it('begins live: its presence stands under its lease, for fires three seconds from now', async () => {
    await session.start(false);
    expect(session.claiming).toBe(current());
    expect(told).toEqual([`began ${current().session}`]);
    const entry = await room.store.get(room.keys.worker('w1'));
    expect(entry?.createRevision).toBe(current().sessionRevision);
    expect(await stored()).toMatchObject({ lease: current().session, eligibleFrom: START + 3000 });
  });

  it('waits for nobody when it is alone', async () => {
    isAlone = true;
    await session.start(false);
    expect(await stored()).toMatchObject({ eligibleFrom: START });
  });

  it('stays live for as long as keep-alives are acknowledged', async () => {
    await session.start(false);
    const first = current();
    await room.clock.advanceAsync(10 * 60_000);
    expect(session.claiming).toBe(first);
    expect(told).toHaveLength(1);
    expect(await stored()).toBeDefined();
  });

  it('tells the ownership deadline five seconds after each acknowledged keep-alive was sent, on the boot clock', async () => {
    await session.start(false);
    await room.clock.advanceAsync(6000);
    expect(deadlines).toEqual([0, 3000, 6000].map((sentAt) => 1_000_000 + sentAt + 5000));
  });

  it('is suspended eight seconds after the last keep-alive that was acknowledged, and live again with the next', async () => {
    await session.start(false);
    await room.clock.advanceAsync(3000);
    const speak = silence();
    await room.clock.advanceAsync(7999);
    expect(session.claiming).toBeDefined();
    await room.clock.advanceAsync(1);
    expect(session.claiming).toBeUndefined();
    expect(session.current).toBeDefined();
    speak();
    await room.clock.advanceAsync(1000);
    expect(session.claiming).toBe(current());
    expect(told).toHaveLength(1);
  });

  it('outlives one keep-alive that is never answered: it says it again a second after it gave that up', async () => {
    await session.start(false);
    const first = current();
    const spy = vi.spyOn(room.store, 'keepAlive').mockImplementationOnce(async () => {
      await pause(room.clock, 4000);
      throw away;
    });
    await room.clock.advanceAsync(7999);
    expect(spy).toHaveBeenCalledTimes(1);
    await room.clock.advanceAsync(1);
    expect(spy).toHaveBeenCalledTimes(2);
    expect(session.claiming).toBe(first);
    await room.clock.advanceAsync(2999);
    expect(spy).toHaveBeenCalledTimes(2);
    expect(told).toEqual([`began ${first.session}`]);
  });

  it('goes on asking a store that refuses it for a while, as one does whose password was changed', async () => {
    await session.start(false);
    const first = current();
    vi.spyOn(room.store, 'keepAlive').mockRejectedValueOnce(new StoreRefused('keep a lease', 'permission denied'));
    await room.clock.advanceAsync(20_000);
    expect(session.claiming).toBe(first);
  });

  it('counts the right to claim from when the keep-alive was sent, however late it is acknowledged', async () => {
    await session.start(false);
    let acknowledge = (): void => {};
    vi.spyOn(room.store, 'keepAlive').mockImplementationOnce(() => new Promise((resolve) => (acknowledge = resolve)));
    await room.clock.advanceAsync(7000);
    acknowledge();
    await room.clock.advanceAsync(0);
    const { claiming } = session;
    expect(claiming).toBeDefined();
    // Sent at 3 s: good until 11 s, and no longer.
    silence();
    await room.clock.advanceAsync(3999);
    expect(session.claiming).toBe(claiming);
    await room.clock.advanceAsync(1);
    expect(session.claiming).toBeUndefined();
  });

  it('is lost when the store has ended the lease, and begins anew', async () => {
    await session.start(false);
    const first = current();
    const speak = silence();
    await room.clock.advanceAsync(12_000);
    expect(await stored()).toBeUndefined();
    speak();
    await room.clock.advanceUntil(() => told.length === 3);
    expect(told).toEqual([`began ${first.session}`, `lost ${first.session}`, `began ${current().session}`]);
    expect(current().session).not.toBe(first.session);
    expect(current().sessionRevision).toBeGreaterThan(first.sessionRevision);
    expect(session.claiming).toBe(current());
    expect(await stored()).toMatchObject({ eligibleFrom: room.clock.now() + 3000 });
  });

  it('gives way to the next when its presence was deleted by hand, and to no other', async () => {
    await session.start(false);
    const first = current();
    await room.delete(room.keys.worker('w1'));
    session.giveUp({ ...first });
    expect(told).toEqual([`began ${first.session}`]);
    session.giveUp(first);
    expect(session.claiming).toBeUndefined();
    await room.clock.advanceUntil(() => told.length === 3);
    expect(told).toEqual([`began ${first.session}`, `lost ${first.session}`, `began ${current().session}`]);
    expect(await stored()).toMatchObject({ lease: current().session });
    await expect(room.store.keepAlive(first.session)).rejects.toThrow(LeaseLost);
  });

  it('starts only what was claimed under the session that lives, and only while it may claim', async () => {
    await session.start(false);
    const { session: lease } = current();
    expect(session.startUntilBootMs(lease)).toBe(1_008_000);
    expect(session.startUntilBootMs('another')).toBe(0);
    room.clock.suspend(40_000);
    expect(session.claiming, 'the monotonic clock stood still').toBeDefined();
    expect(session.startUntilBootMs(lease)).toBeLessThan(room.clock.boot());
    await room.store.revokeLease(lease);
    await room.clock.advanceUntil(() => told.length === 3);
    expect(session.startUntilBootMs(lease)).toBe(0);
  });

  it('waits for a store that is away', async () => {
    const spy = vi.spyOn(room.store, 'grantLease').mockRejectedValue(away);
    const started = session.start(false);
    await room.clock.advanceAsync(60_000);
    expect(session.current).toBeUndefined();
    spy.mockRestore();
    await room.clock.advanceUntil(() => session.current !== undefined);
    await started;
  });

  it('leaves nothing behind of a presence whose answer was lost, and begins once', async () => {
    const transactAll = room.store.transactAll.bind(room.store);
    vi.spyOn(room.store, 'transactAll').mockImplementationOnce(async (asked) => {
      await transactAll(asked);
      return asked.map(() => ({ ok: false as const, error: away }));
    });
    const started = session.start(false);
    await room.clock.advanceUntil(() => session.current !== undefined);
    await started;
    expect(told).toHaveLength(1);
    expect((await stored())?.lease).toBe(current().session);
  });

  describe('whose id is taken', () => {
    it('is refused after one lease time, naming the holder', async () => {
      await room.join('w1', { boot: 'other', pid: 77, host: 'db-3' });
      const refused = session.start(false).catch((error: unknown) => error);
      await room.clock.advanceAsync(12_000);
      expect(told).toEqual([]);
      await room.clock.advanceAsync(1000);
      const error = await refused;
      expect(error).toBeInstanceOf(WorkerIdTaken);
      expect(error).toMatchObject({ workerId: 'w1', holder: 'pid 77 on db-3' });
      expect(await stored()).toMatchObject({ boot: 'other' });
    });

    it('begins as soon as the holder is gone', async () => {
      const { session: lease } = await room.join('w1', { boot: 'other' });
      const started = session.start(false);
      await room.clock.advanceAsync(5000);
      await room.store.revokeLease(lease);
      await room.clock.advanceAsync(500);
      await started;
      expect(told).toHaveLength(1);
    });

    it.each([
      ['of this very boot', { boot: 'boot of w1' }, false],
      ['under the folder that we hold', { boot: 'other' }, true],
    ])('ends a presence %s first', async (_what, presence, ownsFolder) => {
      const { session: lease } = await room.join('w1', presence);
      const started = session.start(ownsFolder);
      await room.clock.advanceAsync(500);
      await started;
      expect(await stored()).toMatchObject({ boot: 'boot of w1', lease: current().session });
      await expect(room.store.keepAlive(lease)).rejects.toThrow(LeaseLost);
    });

    it('waits, too, for a holder that says nothing of itself', async () => {
      await room.put(room.keys.worker('w1'), 'garbage', await room.store.grantLease(600));
      const refused = session.start(false).catch((error: unknown) => error);
      await room.clock.advanceAsync(13_000);
      expect(await refused).toMatchObject({ holder: 'another process' });
    });
  });

  describe('that says something new', () => {
    it('has it in the store, in this session and the next', async () => {
      await session.start(false);
      expect(await session.publish({ drainFrom: START + 5000 })).toBe(true);
      expect(await stored()).toMatchObject({ drainFrom: START + 5000, lease: current().session });
      await room.store.revokeLease(current().session);
      await room.clock.advanceUntil(() => told.length === 3);
      expect(await stored()).toMatchObject({ drainFrom: START + 5000 });
    });

    it('says it again until the store has it', async () => {
      await session.start(false);
      await session.publish({ clockSuspect: true });
      const puts = vi.spyOn(room.store, 'transactAll').mockResolvedValueOnce([{ ok: false, error: away }]);
      expect(await session.publish({ clockSuspect: false })).toBe(false);
      expect(await stored()).toMatchObject({ clockSuspect: true });
      await room.clock.advanceAsync(4000);
      expect(await stored()).toMatchObject({ clockSuspect: false });
      puts.mockClear();
      await room.clock.advanceAsync(60_000);
      expect(puts, 'and not once more').not.toHaveBeenCalled();
    });

    it('does not write over another life under its id', async () => {
      await session.start(false);
      await room.store.revokeLease(current().session);
      await room.join('w1', { boot: 'other' });
      expect(await session.publish({ isFull: true })).toBe(false);
      expect(await stored()).toMatchObject({ boot: 'other' });
      expect((await stored())?.isFull).toBeUndefined();
    });

    it('keeps what somebody else wrote into the presence', async () => {
      await session.start(false);
      await room.put(
        room.keys.worker('w1'),
        writePresence({ ...session.published, drainFrom: START }),
        current().session,
      );
      session.note({ drainFrom: START });
      await session.publish({ isFull: true });
      expect(await stored()).toMatchObject({ drainFrom: START, isFull: true });
    });

    it('keeps it, and what was taken back, also when it has not heard of it yet', async () => {
      await session.start(false);
      const write = (presence: WorkerPresence): Promise<number> =>
        room.put(room.keys.worker('w1'), writePresence(presence), current().session);
      await write({ ...session.published, drainFrom: START });
      expect(await session.publish({ isFull: true })).toBe(true);
      expect(await stored()).toMatchObject({ drainFrom: START, isFull: true });
      const { drainFrom: _over, ...presence } = session.published;
      await write(presence);
      await session.publish({ isFull: false });
      expect((await stored())?.drainFrom).toBeUndefined();
    });

    it('drains as it stops, whatever a master says meanwhile', async () => {
      await session.start(false);
      await room.put(room.keys.worker('w1'), writePresence(session.published), current().session);
      await session.publish({ drainFrom: START + 3000 });
      expect(await stored()).toMatchObject({ drainFrom: START + 3000 });
    });

    it('keeps it for the session to come when there is none', async () => {
      expect(await session.publish({ isFull: true })).toBe(false);
      await session.start(false);
      expect(await stored()).toMatchObject({ isFull: true });
    });
  });

  it('ends with its keys at once when it is stopped, leaving no timer', async () => {
    await session.start(false);
    await room.clock.advanceAsync(1);
    const workers = new KeyMirror(room.store, room.keys.workers, { clock: room.clock, log: silentLog });
    await workers.start();
    expect(workers.size).toBe(1);
    await session.stop();
    await room.settle();
    expect(workers.size).toBe(0);
    workers.close();
    expect(session.claiming).toBeUndefined();
    expect(told).toHaveLength(1);
    expect(room.clock.pendingTimers).toBe(0);
  });
});

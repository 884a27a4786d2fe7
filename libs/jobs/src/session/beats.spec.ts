import { KeyMirror } from '@app/etcd';
import { ManualClock, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { ClockGuard } from '../policy/clock-guard.js';
import { readBeat, writeBeat } from '../store/presence.js';
import type { SessionRef } from '../store/run-entry.js';
import { Beats } from './beats.js';
import { Fullness } from './fullness.js';

describe('beats', () => {
  let room: JobsFixture;
  let guard: ClockGuard;
  let beats: Beats;
  let session: SessionRef | undefined;
  let running: number;
  let mirror: KeyMirror;
  let refused: SessionRef[];

  beforeEach(async () => {
    room = new JobsFixture();
    const { store, keys, clock } = room;
    guard = new ClockGuard(clock);
    running = 0;
    refused = [];
    session = await room.join('w1');
    beats = new Beats(
      store,
      keys,
      clock,
      guard,
      'w1',
      () => session,
      () => ({ running, load: 0.5 }),
      (ref) => refused.push(ref),
    );
    const onChange = (changes: Parameters<Beats['apply']>[0]): void => beats.apply(changes);
    mirror = new KeyMirror(store, keys.beats, { clock, log: silentLog, onChange });
  });

  afterEach(async () => {
    beats.stop();
    mirror.close();
    await room.close();
  });

  const beat = async () => {
    const entry = await room.store.get(room.keys.beat('w1'));
    return entry && { ...readBeat(entry.value), lease: entry.lease };
  };
  const hear = (id: string, clockAheadMs: number) =>
    room.put(room.keys.beat(id), writeBeat({ id, clock: room.clock.now() + clockAheadMs, running: 0, load: 0 }));

  it('come every three seconds, on the lease of the session', async () => {
    beats.start();
    await room.settle();
    expect(await beat()).toMatchObject({ id: 'w1', clock: START, running: 0, load: 0.5, lease: session?.session });
    running = 4;
    await room.clock.advanceAsync(3000);
    expect(await beat()).toMatchObject({ clock: START + 3000, running: 4 });
  });

  it('stay away without a session, and under one that is no longer ours', async () => {
    const own = session;
    session = undefined;
    beats.start();
    await room.clock.advanceAsync(3000);
    expect(await beat()).toBeUndefined();
    session = own && { ...own, sessionRevision: own.sessionRevision + 1 };
    await room.clock.advanceAsync(3000);
    expect(await beat()).toBeUndefined();
    session = own;
    await room.clock.advanceAsync(3000);
    expect(await beat()).toBeDefined();
  });

  it('tell when the presence they belong to is gone, though its lease lives', async () => {
    beats.start();
    await room.settle();
    expect(refused).toEqual([]);
    await room.delete(room.keys.worker('w1'));
    await room.clock.advanceAsync(3000);
    expect(refused).toEqual([session]);
  });

  it('go on when the store did not take one', async () => {
    beats.start();
    await room.store.close();
    await room.clock.advanceAsync(9000);
    expect(room.clock.pendingTimers).toBeGreaterThan(0);
  });

  it('tell our clock against those of the others', async () => {
    await mirror.start();
    for (const id of ['w2', 'w3']) await hear(id, 0);
    expect(guard.offsetMs).toBeUndefined();
    // Only one that follows another is fresh.
    for (const id of ['w2', 'w3']) await hear(id, 1500);
    expect(guard.offsetMs).toBe(-1500);
  });

  it('say nothing of our own clock to ourselves, nor in words that are no beat', async () => {
    await mirror.start();
    for (let count = 0; count < 2; count++) {
      await hear('w1', 5000);
      await room.put(room.keys.beat('w2'), `garbage ${count}`);
    }
    expect(guard.offsetMs).toBeUndefined();
  });

  it('come back by the watch, and tell how far it is behind', async () => {
    beats.start();
    await room.settle();
    await room.clock.advanceAsync(1000);
    // Nobody watches yet.
    expect(beats.echoLagMs).toBe(1000);
    await mirror.start();
    expect(beats.echoLagMs).toBe(1000);
    await room.clock.advanceAsync(3000);
    expect(beats.echoLagMs).toBe(0);
    mirror.close();
    await room.clock.advanceAsync(9000);
    expect(beats.echoLagMs).toBe(7000);
    expect(beats.sent).toBe(5);
  });

  it('do not tell of a watch while the store takes none', async () => {
    await mirror.start();
    session = session && { ...session, sessionRevision: session.sessionRevision + 1 };
    beats.start();
    await room.clock.advanceAsync(9000);
    expect(beats.echoLagMs).toBe(0);
  });

  it('count no longer once their worker is gone', async () => {
    await mirror.start();
    for (let count = 0; count < 2; count++) await hear('w2', 1500);
    expect(guard.offsetMs).toBe(-750);
    await room.delete(room.keys.beat('w2'));
    expect(guard.offsetMs).toBeUndefined();
  });
});

describe('fullness', () => {
  let clock: ManualClock;
  let free: boolean;
  let told: boolean[];
  let fullness: Fullness;

  beforeEach(() => {
    clock = new ManualClock();
    free = false;
    told = [];
    fullness = new Fullness(
      clock,
      () => free,
      (isFull) => told.push(isFull),
    );
  });

  it('is told once, after fires have waited for three seconds, and taken back with the first free slot', () => {
    fullness.wanted();
    clock.advance(2999);
    fullness.wanted();
    expect(told).toEqual([]);
    clock.advance(1);
    fullness.wanted();
    clock.advance(10_000);
    expect(told).toEqual([true]);
    fullness.freed();
    fullness.freed();
    expect(told).toEqual([true, false]);
  });

  it('is not told when a slot is free by then, and counts anew the next time', () => {
    fullness.wanted();
    free = true;
    clock.advance(3000);
    expect(told).toEqual([]);
    free = false;
    fullness.wanted();
    clock.advance(3000);
    expect(told).toEqual([true]);
  });

  it('says nothing once stopped', () => {
    fullness.wanted();
    fullness.stop();
    clock.advance(10_000);
    expect(told).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});

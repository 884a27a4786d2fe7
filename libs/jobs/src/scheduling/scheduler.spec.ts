import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JobFields, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { jitterMs } from '../job/schedule-of.js';
import { writeCursor } from '../store/cursor.js';
import { CursorReader } from './cursor-reader.js';
import type { Decider } from './decider.js';
import type { JobTrack } from './job-track.js';
import { Scheduler } from './scheduler.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const FLEET = ['w1', 'w2', 'w3', 'w4'];

describe("a worker's schedule", () => {
  let room: JobsFixture;
  let running: Scheduler[];
  /** Who asked for a decision, and how long after midnight. */
  let asked: [worker: string, afterMs: number][];
  /** Ends decisions, in the order in which they began; undefined: they end at once. */
  let underWay: (() => void)[] | undefined;
  /** Workers without a free slot. */
  const full = new Set<string>();
  /** Of whom a decision was asked for, as whoever asked last knows them. */
  const tracks = new Map<string, JobTrack>();
  /** Jobs for which a decision is on its way. */
  const busy = new Set<string>();

  beforeEach(async () => {
    room = new JobsFixture();
    running = [];
    asked = [];
    underWay = undefined;
    tracks.clear();
    full.clear();
    busy.clear();
    await room.start();
  });

  afterEach(async () => {
    for (const scheduler of running) scheduler.stop();
    await room.close();
  });

  /** Workers that decide nothing: they only ask. */
  async function startAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) await room.join(id);
    for (const id of ids) start(id);
    await room.settle();
  }

  function start(id: string): Scheduler {
    const decide = async (track: JobTrack): Promise<boolean> => {
      tracks.set(track.name, track);
      asked.push([id, room.clock.now() - START]);
      await new Promise<void>((resolve) => {
        if (underWay) underWay.push(resolve);
        else resolve();
      });
      return false;
    };
    const decider = {
      decide,
      isIdle: true,
      isDeciding: () => false,
      isBusyWith: (track: JobTrack) => busy.has(track.name),
      get hasFreeSlot() {
        return !full.has(id);
      },
    } as unknown as Decider;
    const reader = new CursorReader(room.store, room.keys);
    const scheduler = new Scheduler(id, room.clock, room.fleet, reader, decider, () => {});
    room.registry.onChange((changes) => scheduler.apply(changes));
    scheduler.start();
    scheduler.listed();
    scheduler.learnedAll();
    scheduler.apply(
      [...room.registry.all()].map((definition) => ({ name: definition.name, definition, previous: undefined })),
    );
    running.push(scheduler);
    return scheduler;
  }

  function track(name: string): JobTrack {
    const found = tracks.get(name);
    if (!found) throw new Error(`nobody asked for ${name}`);
    return found;
  }

  /** A job whose fires are decided up to this instant. */
  async function decidedUntil(at: number, fields: Partial<JobFields> = {}): Promise<void> {
    const { createRevision, fingerprint } = (await room.store.get(room.keys.job('tick')))
      ? await room.definition('tick')
      : await room.putJob({ name: 'tick', ...fields });
    const cursor = { at, generation: createRevision, fingerprint, runs: 0, resets: 0 };
    await room.put(room.keys.cursor('tick'), writeCursor(cursor));
  }

  /** The workers in the order in which they try. */
  async function order(fleet: readonly string[] = FLEET): Promise<readonly string[]> {
    const { job } = await room.definition('tick');
    if (!job) throw new Error('no job');
    const rank = (id: string): number => room.fleet.rankOf(id, job, START + MINUTE);
    return [...fleet].sort((a, b) => rank(a) - rank(b));
  }

  it('asks the first worker when the fire is due, the second 1.5 s and the third 2.5 s later, and no other', async () => {
    await decidedUntil(START);
    await startAll(FLEET);
    asked = [];
    await room.clock.advanceAsync(MINUTE + 10 * SECOND);
    const [first = '', second = '', third = ''] = await order();
    expect(asked).toEqual([
      [first, MINUTE],
      [second, MINUTE + 1500],
      [third, MINUTE + 2500],
    ]);
  });

  it('leaves a fire to whoever decides it in the moment between two looks', async () => {
    await decidedUntil(START);
    await startAll(FLEET);
    asked = [];
    await room.clock.advanceAsync(MINUTE + 1450);
    await decidedUntil(START + MINUTE);
    await room.clock.advanceAsync(10 * SECOND);
    expect(asked).toEqual([[(await order())[0], MINUTE]]);
  });

  it('believes the cursor, and asks nobody else once it says that the fire is decided', async () => {
    await decidedUntil(START);
    await startAll(FLEET);
    asked = [];
    await room.clock.advanceAsync(MINUTE + SECOND);
    await decidedUntil(START + MINUTE);
    await room.clock.advanceAsync(10 * SECOND);
    expect(asked).toEqual([[(await order())[0], MINUTE]]);
  });

  it('believes no worker that is merely there: the next one takes over while the first does nothing', async () => {
    await decidedUntil(START);
    await startAll(FLEET);
    asked = [];
    await room.clock.advanceAsync(MINUTE + 3 * SECOND);
    expect(room.fleet.workers).toHaveLength(FLEET.length);
    expect(asked.map(([worker]) => worker)).toEqual((await order()).slice(0, 3));
  });

  it('asks for what is late once the jitter is over', async () => {
    await decidedUntil(START, { jitterSeconds: 30 });
    await startAll(['w1']);
    asked = [];
    await room.clock.advanceAsync(2 * MINUTE);
    // What was due at midnight is looked at once as well, for its jitter was not over when the worker started.
    const [due = 0] = asked.map(([, at]) => at).filter((at) => at > 30 * SECOND);
    expect(due).toBeGreaterThanOrEqual(MINUTE);
    expect(due).toBeLessThanOrEqual(MINUTE + 30 * SECOND);
  });

  it('keeps a fire that is in its jitter when the job is edited, or a worker starts', async () => {
    const jitterSeconds = 50;
    await decidedUntil(START, { jitterSeconds });
    const due = MINUTE + jitterMs({ name: 'tick', jitterSeconds }, START + MINUTE);
    await startAll(['w1']);
    await room.clock.advanceAsync(MINUTE + SECOND);
    expect(due).toBeGreaterThan(MINUTE + 2 * SECOND);
    await room.putJob({ name: 'tick', jitterSeconds, labels: { team: 'ops' } });
    await room.settle();
    const late = start('w1');
    await room.settle();
    running[0]?.stop();
    asked = [];
    await room.clock.advanceAsync(due - MINUTE - SECOND);
    expect(asked[0]).toEqual(['w1', due]);
    late.stop();
    expect(asked).toHaveLength(1);
  });

  it('looks at the moment from which a new session may act at what became due before', async () => {
    await decidedUntil(START);
    await startAll(['w1']);
    await room.clock.advanceAsync(MINUTE + SECOND);
    asked = [];
    running[0]?.lookAgainAt(room.clock.now() + 3 * SECOND);
    await room.clock.advanceAsync(2 * SECOND);
    expect(asked).toEqual([]);
    await room.clock.advanceAsync(SECOND);
    expect(asked).toEqual([['w1', MINUTE + 4 * SECOND]]);
  });

  it('looks every 15 s at what it is first for and does not know to be decided', async () => {
    await decidedUntil(START);
    await startAll(['w1']);
    asked = [];
    await room.clock.advanceAsync(MINUTE + 50 * SECOND);
    const times = asked.map(([, at]) => at);
    expect(times[0]).toBe(MINUTE);
    expect(times.length).toBeGreaterThanOrEqual(3);
    const gaps = times.slice(2).map((at, index) => at - (times[index + 1] ?? 0));
    expect(gaps.every((gap) => gap === 15 * SECOND)).toBe(true);
  });

  it('finds everything that became due during a jump of the clock', async () => {
    await decidedUntil(START);
    await startAll(['w1']);
    asked = [];
    room.clock.stepWallClock(3_600_000);
    await room.clock.advanceAsync(SECOND);
    expect(asked.length).toBeGreaterThanOrEqual(1);
    expect(asked[0]?.[1]).toBeLessThanOrEqual(3_600_000 + SECOND);
  });

  it('looks again when the decider asks for it, at the soonest of several wishes', async () => {
    await decidedUntil(START, { cronExpr: '0 0 1 1 *' });
    await room.join('w1');
    const scheduler = start('w1');
    await room.settle();
    asked = [];
    for (const delayMs of [5 * SECOND, SECOND, 3 * SECOND]) scheduler.later(track('tick'), delayMs);
    await room.clock.advanceAsync(10 * SECOND);
    expect(asked).toEqual([['w1', SECOND]]);
  });

  it('forgets a job that is gone, and what was planned for it', async () => {
    await decidedUntil(START);
    await startAll(['w1']);
    asked = [];
    await room.delete(room.keys.job('tick'));
    await room.clock.advanceAsync(5 * MINUTE);
    expect(asked).toEqual([]);
  });

  it('waits for a free slot, and goes on when there is one', async () => {
    await decidedUntil(START, { cronExpr: '0 0 1 1 *' });
    await room.join('w1');
    const scheduler = start('w1');
    await room.settle();
    asked = [];
    scheduler.slotWanted(track('tick'));
    scheduler.slotFreed();
    scheduler.slotFreed();
    expect(asked).toEqual([['w1', 0]]);
  });

  it('reads the cursor before it decides a fire that waited for a slot while others could decide it', async () => {
    await decidedUntil(START);
    await startAll(['w1']);
    const scheduler = running[0]!;
    await room.clock.advanceAsync(MINUTE);
    const waiting = track('tick');
    asked = [];
    scheduler.slotWanted(waiting);
    await room.clock.advanceAsync(2 * SECOND);
    await decidedUntil(START + MINUTE);
    scheduler.slotFreed();
    await room.settle();
    expect(asked).toEqual([]);
    expect(waiting.known?.cursor?.at).toBe(START + MINUTE);
  });

  it('decides what else is due by then where others decided the fire that waited for a slot', async () => {
    await decidedUntil(START);
    await startAll(['w1']);
    await room.clock.advanceAsync(MINUTE);
    running[0]!.slotWanted(track('tick'));
    await room.clock.advanceAsync(MINUTE);
    await decidedUntil(START + MINUTE);
    asked = [];
    running[0]!.slotFreed();
    await room.settle();
    expect(asked).toEqual([['w1', 2 * MINUTE]]);
  });

  it('decides what it is first for by then where others decided the fire it was second for', async () => {
    await decidedUntil(START);
    for (const id of ['w1', 'w2']) await room.join(id);
    const [first = '', second = ''] = await order(['w1', 'w2']);
    const scheduler = start(second);
    await room.settle();
    await room.clock.advanceAsync(MINUTE + 2 * SECOND);
    scheduler.slotWanted(track('tick'));
    await room.join(first, { drainFrom: START + MINUTE + 30 * SECOND });
    await room.clock.advanceAsync(MINUTE);
    await decidedUntil(START + MINUTE);
    asked = [];
    scheduler.slotFreed();
    await room.settle();
    expect(asked).toEqual([[second, 2 * MINUTE + 2 * SECOND]]);
  });

  it('has a decision that found no slot look once more where a slot was freed before it ended', async () => {
    await decidedUntil(START);
    await startAll(['w1']);
    const scheduler = running[0]!;
    await room.clock.advanceAsync(MINUTE + 2 * SECOND);
    const waiting = track('tick');
    busy.add('tick');
    scheduler.slotWanted(waiting);
    asked = [];
    scheduler.slotFreed();
    expect(asked).toEqual([['w1', MINUTE + 2 * SECOND]]);
  });

  it('takes over what is not its own once it has a free slot, and after three seconds in any case', async () => {
    await decidedUntil(START);
    await startAll(FLEET);
    asked = [];
    const [first = '', second = '', third = ''] = await order();
    full.add(second).add(third);
    await room.clock.advanceAsync(MINUTE + 2 * SECOND);
    expect(asked).toEqual([[first, MINUTE]]);
    full.delete(third);
    await room.clock.advanceAsync(2 * SECOND);
    expect(asked).toEqual([
      [first, MINUTE],
      [third, MINUTE + 2500],
      [second, MINUTE + 3000],
    ]);
  });

  it('takes over little of others at once, more as it goes well', async () => {
    for (let index = 0; index < 100; index++) await room.putJob({ name: `job-${index}`, cronExpr: '0 0 1 1 *' });
    await room.join('w1');
    underWay = [];
    await startAll(['w2']);
    const own = tracks.size;
    const counts: number[] = [];
    for (const afterMs of [1500, 0, 0]) {
      for (const end of underWay.splice(0)) end();
      asked = [];
      await room.clock.advanceAsync(afterMs);
      counts.push(asked.length);
    }
    expect(own).toBeGreaterThan(20);
    expect(counts).toEqual([8, 16, 100 - own - 24]);
  });

  describe('gives a free slot', () => {
    const byRank = (wanted: number): JobTrack[] => [...tracks.values()].filter((each) => rankOf(each) === wanted);
    const rankOf = ({ definition: { job } }: JobTrack): number =>
      job ? room.fleet.rankOf('w2', job, START + MINUTE) : -1;

    /** Ten jobs whose fires of the first minute wait for a slot of the second of two workers. */
    beforeEach(async () => {
      for (let index = 0; index < 10; index++) {
        const { name, createRevision, fingerprint } = await room.putJob({ name: `job-${index}` });
        const cursor = { at: START, generation: createRevision, fingerprint, runs: 0, resets: 0 };
        await room.put(room.keys.cursor(name), writeCursor(cursor));
      }
      await room.join('w1');
      await startAll(['w2']);
      await room.clock.advanceAsync(MINUTE + 2 * SECOND);
    });

    async function orderOf(waiting: readonly JobTrack[]): Promise<readonly number[]> {
      const scheduler = running[0]!;
      for (const each of waiting) scheduler.slotWanted(each);
      tracks.clear();
      scheduler.slotFreed();
      await room.settle();
      return [...tracks.values()].map(rankOf);
    }

    it('to its own that wait before those of others', async () => {
      const [own, others] = [byRank(0), byRank(1)];
      const order = await orderOf([...others, ...own]);
      expect([own.length, others.length]).not.toContain(0);
      expect(order).toEqual([...own.map(() => 0), ...others.map(() => 1)]);
    });

    it('to those of others first where they have waited much longer', async () => {
      const [own, others] = [byRank(0), byRank(1)];
      for (const each of own) {
        const { cursor, revision } = each.known!;
        each.learn({ cursor: { ...cursor!, at: START + MINUTE }, revision: revision + 1 });
      }
      await room.clock.advanceAsync(MINUTE);
      expect(await orderOf([...own, ...others])).toEqual([...others.map(() => 1), ...own.map(() => 0)]);
    });
  });

  it('gives a free slot to the next that waits where the first has no use for it', async () => {
    await decidedUntil(START);
    await room.putJob({ name: 'tock' });
    await startAll(['w1']);
    const scheduler = running[0]!;
    await room.clock.advanceAsync(MINUTE);
    scheduler.slotWanted(track('tick'));
    scheduler.slotWanted(track('tock'));
    await room.clock.advanceAsync(2 * SECOND);
    await decidedUntil(START + MINUTE);
    const before = asked.length;
    scheduler.slotFreed();
    await room.settle();
    expect(asked.slice(before)).toEqual([['w1', MINUTE + 2 * SECOND]]);
  });

  it('stops', async () => {
    await decidedUntil(START);
    await startAll(['w1']);
    asked = [];
    running[0]?.stop();
    await room.clock.advanceAsync(5 * MINUTE);
    expect(asked).toEqual([]);
  });

  it('decides nothing more once it stops, though a slot or a lock becomes free', async () => {
    await decidedUntil(START, { cronExpr: '0 0 1 1 *' });
    await room.join('w1');
    const scheduler = start('w1');
    await room.settle();
    const tick = track('tick');
    tick.waitingSince = START;
    scheduler.slotWanted(tick);
    asked = [];
    scheduler.stop();
    scheduler.slotFreed();
    scheduler.lockFreed('tick');
    scheduler.slotWanted(tick);
    scheduler.slotFreed();
    expect(asked).toEqual([]);
  });
});

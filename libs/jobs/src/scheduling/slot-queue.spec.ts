import { ManualClock } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobTrack } from './job-track.js';
import { SlotQueue } from './slot-queue.js';

const SECOND = 1_000;

describe('jobs that wait for a slot', () => {
  let clock: ManualClock;
  let queue: SlotQueue;

  beforeEach(() => {
    clock = new ManualClock({ now: 0 });
    queue = new SlotQueue(clock, ({ name }) => name.startsWith('own'));
  });

  /** A job whose first undecided fire is due at this instant; undefined: it has none. */
  function jobWith(name: string, dueAt: number | undefined): JobTrack & { firstUndecided: number | undefined } {
    return { name, firstUndecided: dueAt, dueOf: (fire: number) => fire } as never;
  }

  it("have their turn in the order in which they came, a worker's own first", () => {
    const all = ['other-1', 'own-1', 'other-2', 'own-2'].map((name) => jobWith(name, 0));
    for (const each of all) queue.add(each);
    const turns: string[] = [];
    for (let next = queue.next(true); next; next = queue.next(true)) {
      turns.push(next.name);
      queue.remove(next);
    }
    expect(turns).toEqual(['own-1', 'own-2', 'other-1', 'other-2']);
    expect(queue.isEmpty).toBe(true);
  });

  it('of others wait where nothing may be taken over', () => {
    queue.add(jobWith('other', 0));
    expect(queue.next(false)).toBeUndefined();
    expect(queue.next(true)?.name).toBe('other');
  });

  it('of others go first once they have waited fifteen seconds longer', async () => {
    queue.add(jobWith('other', 0));
    await clock.advanceAsync(15 * SECOND);
    queue.add(jobWith('own', 15 * SECOND));
    expect(queue.next(true)?.name).toBe('own');
    queue.remove(queue.next(true)!);
    await clock.advanceAsync(1);
    queue.add(jobWith('own', 15 * SECOND + 1));
    expect(queue.next(true)?.name).toBe('other');
  });

  it.each([
    ['its worker decides each in time', 20 * SECOND],
    ['it was given a later schedule', 99 * SECOND],
    ['it is paused', undefined],
  ])('hold up none behind them where a fire is due later than the one they came with: %s', async (_, dueAt) => {
    const decided = jobWith('other-1', 0);
    queue.add(decided);
    queue.add(jobWith('other-2', 0));
    await clock.advanceAsync(20 * SECOND);
    queue.add(jobWith('own', 20 * SECOND));
    decided.firstUndecided = dueAt;
    expect(queue.next(true)).toBe(decided);
    queue.remove(decided);
    expect(queue.next(true)?.name).toBe('other-2');
  });

  it("keep their place when they ask again, and change rows when they become a worker's own", () => {
    const moved = jobWith('other-1', 0);
    const all = [moved, jobWith('other-2', 0), moved];
    for (const each of all) queue.add(each);
    expect(queue.next(true)).toBe(moved);
    Object.assign(moved, { name: 'own' });
    queue.add(moved);
    expect(queue.next(true)).toBe(moved);
    queue.remove(moved);
    expect(queue.next(true)?.name).toBe('other-2');
  });
});

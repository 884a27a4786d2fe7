import { ManualClock } from '@app/platform';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { WatchPace } from './watch-pace.js';

describe('the pace of watches that break off', () => {
  let clock: ManualClock;
  let stopping: AbortController;
  let pace: WatchPace;

  beforeEach(() => {
    clock = new ManualClock();
    stopping = new AbortController();
    pace = new WatchPace(clock, stopping.signal);
  });

  /** How long the next one is put off after one that ran so long, milliseconds. */
  const delayAfter = async (ranMs: number): Promise<number> => {
    pace.began();
    await clock.advanceAsync(ranMs);
    const timer = vi.spyOn(clock, 'timer');
    const begun = pace.brokeOff();
    const [delayMs = 0] = timer.mock.calls[0] ?? [];
    timer.mockRestore();
    await clock.advanceAsync(delayMs);
    await begun;
    return delayMs;
  };

  it('doubles from the second short one on, up to five seconds', async () => {
    const delays: number[] = [];
    for (let count = 0; count < 9; count++) delays.push(await delayAfter(0));
    expect(delays).toEqual([0, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it('is quick again after one that lasted five seconds', async () => {
    for (let count = 0; count < 5; count++) await delayAfter(4_999);
    expect([await delayAfter(4_999), await delayAfter(5_000), await delayAfter(0)]).toEqual([1600, 0, 100]);
  });

  it('waits for nothing when it is told to stop', async () => {
    await delayAfter(0);
    stopping.abort();
    await expect(pace.brokeOff()).resolves.toBeUndefined();
  });
});

import { ManualClock, StoreUnavailable, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleRun, T0 } from '../contract/samples.js';
import { EmbeddedHistory } from '../embedded/embedded-history.js';
import { HOUR_MS } from '../rollup/hours.js';
import { totalCount } from '../rollup/merge-rollups.js';
import { HistoryHousekeeping, HousekeepingOptions } from './history-housekeeping.js';

const DAY_MS = 24 * HOUR_MS;

describe('HistoryHousekeeping', () => {
  let clock: ManualClock;
  let store: EmbeddedHistory;
  let housekeeping: HistoryHousekeeping;

  beforeEach(() => {
    clock = new ManualClock({ now: T0 });
    store = new EmbeddedHistory(':memory:');
    housekeeping = create({});
  });

  afterEach(async () => {
    await housekeeping.stop();
    await store.close();
    expect(clock.pendingTimers).toBe(0);
  });

  function create(options: Partial<HousekeepingOptions>): HistoryHousekeeping {
    return new HistoryHousekeeping(store, clock, silentLog, options);
  }

  /** Lets time pass until the condition holds; the store works between two ticks of real time. */
  async function pass(condition: () => Promise<boolean>): Promise<void> {
    await vi.waitFor(
      async () => {
        clock.advance(2_000);
        expect(await condition()).toBe(true);
      },
      { interval: 5, timeout: 5_000 },
    );
  }

  const counted = async () => {
    const rollups = await store.findRollups({ from: 0, to: T0 + DAY_MS });
    return rollups.reduce((sum, rollup) => sum + totalCount(rollup), 0);
  };
  const left = async () => (await store.findRuns({}, 500)).items.map((run) => run.id);

  it('counts what was written, at once and again when more comes', async () => {
    await store.writeRuns(
      Array.from({ length: 600 }, (_, n) => sampleRun({ id: `r${n}`, scheduledTime: T0 - n * HOUR_MS })),
    );
    housekeeping.start();
    await pass(async () => (await counted()) === 600);
    await store.writeRuns([sampleRun({ id: 'more' })]);
    await pass(async () => (await counted()) === 601);
  });

  it('deletes what is older than it is to be kept, after counting it', async () => {
    await store.writeRuns([
      sampleRun({ id: 'old', scheduledTime: T0 - 31 * DAY_MS }),
      sampleRun({ id: 'new', scheduledTime: T0 - 29 * DAY_MS }),
    ]);
    housekeeping.start();
    await pass(async () => (await left()).length === 1);
    expect(await left()).toEqual(['new']);
    expect(await counted()).toBe(2);
  });

  it('keeps so many runs per job, but all of the current and the last hour', async () => {
    housekeeping = create({ keepRunsPerJob: 2 });
    const at = (id: string, hoursAgo: number) => sampleRun({ id, scheduledTime: T0 + 1 - hoursAgo * HOUR_MS });
    await store.writeRuns([at('a', 0), at('b', 0), at('c', 0.5), at('d', 1), at('e', 3), at('f', 4)]);
    housekeeping.start();
    await pass(async () => (await left()).length === 4);
    expect(await left()).toEqual(['b', 'a', 'c', 'd']);
  });

  it('warns once while the store is away and goes on when it is back', async () => {
    const warn = vi.fn();
    const failing = vi.spyOn(store, 'recomputeRollups').mockRejectedValue(new StoreUnavailable('recompute', 'notDone'));
    housekeeping = new HistoryHousekeeping(store, clock, { ...silentLog, warn });
    housekeeping.start();
    await pass(async () => failing.mock.calls.length > 3);
    expect(warn).toHaveBeenCalledTimes(1);
    failing.mockRestore();
    await store.writeRuns([sampleRun({ id: 'r1' })]);
    await pass(async () => (await counted()) === 1);
  });

  it('leaves a store that fails alone for longer each time, for a minute at most', async () => {
    const asked: number[] = [];
    const failing = vi.spyOn(store, 'recomputeRollups').mockImplementation(async () => {
      asked.push(clock.monotonic());
      throw new StoreUnavailable('recompute', 'notDone');
    });
    const since = clock.monotonic();
    housekeeping.start();
    await clock.advanceAsync(200_000);
    expect(asked.map((at) => at - since)).toEqual([0, 20_000, 60_000, 120_000, 180_000]);
    failing.mockRestore();
    await clock.advanceAsync(40_000);
    await store.writeRuns([sampleRun({ id: 'r1' })]);
    await pass(async () => (await counted()) === 1);
  });

  it('does nothing before it is started and nothing after it is stopped', async () => {
    await store.writeRuns([sampleRun({ id: 'r1' })]);
    clock.advance(DAY_MS);
    expect(await counted()).toBe(0);
    housekeeping.start();
    await pass(async () => (await counted()) === 1);
    await housekeeping.stop();
    expect(clock.pendingTimers).toBe(0);
    housekeeping.start();
    await store.writeRuns([sampleRun({ id: 'r2' })]);
    await pass(async () => (await counted()) === 2);
  });
});

import { Clock, Log, pause } from '@app/platform';
import { HistoryStore } from '../port/history-store.js';
import { HOUR_MS, hourOf } from '../rollup/hours.js';
import { RollupPace } from '../rollup/rollup-pace.js';

/** What history keeps and how often it is tended. */
export interface HousekeepingOptions {
  /** Ended runs are deleted this long after their end. */
  readonly keepRunsMs: number;
  /** Ended runs kept per job at most; undefined: any number. */
  readonly keepRunsPerJob?: number;
  /** Roll-ups are kept longer than runs: statistics outlive what they were made from. */
  readonly keepRollupsMs: number;
  /** Pause between two rounds of roll-ups, and of deleting. After a round that failed it is twice the one before. */
  readonly rollupEveryMs: number;
  readonly deleteEveryMs: number;
}

const DAY_MS = 24 * HOUR_MS;

const DEFAULT_HOUSEKEEPING: HousekeepingOptions = {
  keepRunsMs: 30 * DAY_MS,
  keepRollupsMs: 400 * DAY_MS,
  rollupEveryMs: 10_000,
  deleteEveryMs: 60_000,
};

/** Roll-ups, and deleted runs, asked for with one call. */
const ROLLUPS_PER_CALL = 200;
const RUNS_PER_CALL = 500;
/** Between two calls that delete: the store serves others first. */
const BETWEEN_CALLS_MS = 20;
/** A store that fails may be one that has too much to do: its records come first. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Keeps roll-ups fresh and deletes what is old. One process at a time needs to do it, the leader; two at once do no harm.
 * Roll-ups come first in every round, so that nothing is deleted before it was counted.
 */
export class HistoryHousekeeping {
  private readonly options: HousekeepingOptions;
  private readonly pace: RollupPace;
  private stopping: AbortController | undefined;
  private running: Promise<void> = Promise.resolve();
  private isFailing = false;

  constructor(
    private readonly store: HistoryStore,
    private readonly clock: Clock,
    private readonly log: Log,
    options: Partial<HousekeepingOptions> = {},
  ) {
    this.options = { ...DEFAULT_HOUSEKEEPING, ...options };
    this.pace = new RollupPace(clock);
  }

  /** Begins, with a round at once. Starting again while it runs does nothing. */
  start(): void {
    if (this.stopping) return;
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    this.running = this.running.then(() => this.loop(signal));
  }

  /** Resolves when the call under way has ended. Stopping again is safe. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    this.stopping = undefined;
    await this.running;
  }

  private async loop(signal: AbortSignal): Promise<void> {
    let deletedAt = Number.NEGATIVE_INFINITY;
    let pauseMs = this.options.rollupEveryMs;
    while (!signal.aborted) {
      try {
        await this.recomputeAll(signal);
        if (this.clock.monotonic() - deletedAt >= this.options.deleteEveryMs) {
          deletedAt = this.clock.monotonic();
          await this.deleteAll(signal);
        }
        if (this.isFailing) this.log.info('history is tended again');
        this.isFailing = false;
        pauseMs = this.options.rollupEveryMs;
      } catch (error) {
        // Said once, not after each pause of an outage.
        if (!this.isFailing) this.log.warn('history cannot be tended now; it is tried again', { error });
        this.isFailing = true;
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
      await pause(this.clock, pauseMs, signal);
    }
  }

  private async recomputeAll(signal: AbortSignal): Promise<void> {
    let done = ROLLUPS_PER_CALL;
    while (!signal.aborted && done === ROLLUPS_PER_CALL) {
      done = await this.store.recomputeRollups(ROLLUPS_PER_CALL, this.pace);
    }
  }

  private async deleteAll(signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const rule = {
      before: now - this.options.keepRunsMs,
      keepPerJob: this.options.keepRunsPerJob,
      // The current hour and the one before it may still be counted.
      keepFrom: hourOf(now) - HOUR_MS,
      rollupsBefore: now - this.options.keepRollupsMs,
      limit: RUNS_PER_CALL,
    };
    let deleted = 0;
    while (!signal.aborted) {
      const step = await this.store.deleteExpired(rule);
      deleted += step;
      if (step === 0) break;
      await pause(this.clock, BETWEEN_CALLS_MS, signal);
    }
    if (deleted > 0) this.log.info('deleted runs that history no longer keeps', { runs: deleted });
  }
}

import { Clock } from '@app/platform';
import { HOUR_MS, hourOf, JobHour } from './hours.js';

/** What a record read to count an hour costs in rest: counting then reads ten records a second of a job at most. */
const REST_PER_RECORD_MS = 100;
const LONGEST_REST_MS = 10 * 60_000;

/**
 * How long an hour rests before it is counted again. Counting reads all its records, and an hour that goes on changes with
 * each of them; so the more there are the longer it rests. One that is over is counted at once.
 */
export class RollupPace {
  private readonly restUntil = new Map<string, number>();
  /** Of all that rest: only the hour that goes on. */
  private hour = 0;

  constructor(private readonly clock: Clock) {}

  /** Whether its roll-up may stay out of date for now. */
  isResting({ jobName, hour }: JobHour): boolean {
    if (hour + HOUR_MS <= this.clock.now()) return false;
    return (this.restUntil.get(jobName) ?? 0) > this.clock.monotonic() && hour === this.hour;
  }

  /** The roll-up is fresh now; it took so many records. */
  counted({ jobName, hour }: JobHour, records: number): void {
    const current = hourOf(this.clock.now());
    if (hour !== current) return;
    if (current !== this.hour) this.restUntil.clear();
    this.hour = current;
    const restMs = Math.min(LONGEST_REST_MS, records * REST_PER_RECORD_MS);
    this.restUntil.set(jobName, this.clock.monotonic() + restMs);
  }
}

import { isTerminal, Run } from '@app/jobs';

/** Milliseconds of an hour, the width of a roll-up. */
export const HOUR_MS = 3_600_000;

/** Of a longer stretch only the last hours are counted, so that one record can never dirty a million roll-ups. */
export const MAX_STRETCH_HOURS = 400 * 24;

/** One roll-up: an hour of a job, or of all jobs together (`jobName` is empty). */
export interface JobHour {
  readonly jobName: string;
  /** Epoch milliseconds. */
  readonly hour: number;
}

/** Name under which the roll-up of all jobs together is kept; no job has it. */
export const ALL_JOBS = '';

/** What of a run its place in time is read from. */
export type Stretch = Pick<Run, 'scheduledTime' | 'untilTime' | 'count'>;

/** Start of the hour an instant lies in, epoch milliseconds. */
export function hourOf(instant: number): number {
  return Math.floor(instant / HOUR_MS) * HOUR_MS;
}

/** Starts of the hours in whose roll-ups an ended run counts, ascending; none for a run that has not ended. */
export function hoursOf(run: Stretch & Pick<Run, 'status'>): readonly number[] {
  if (!isTerminal(run.status)) return [];
  const last = hourOf(run.untilTime ?? run.scheduledTime);
  const first = Math.max(hourOf(run.scheduledTime), last - (MAX_STRETCH_HOURS - 1) * HOUR_MS);
  const hours: number[] = [];
  for (let hour = first; hour <= last; hour += HOUR_MS) {
    if (firesWithin(run, hour) > 0) hours.push(hour);
  }
  return hours;
}

/**
 * How many of the fires a record stands for fall into the hour that starts at `hour`. A stretch keeps only its first
 * and last time and its count, so its fires are taken as evenly spaced; over all hours they add up to the count.
 */
export function firesWithin(stretch: Stretch, hour: number): number {
  return firesBefore(stretch, hour + HOUR_MS) - firesBefore(stretch, hour);
}

function firesBefore({ scheduledTime, untilTime = scheduledTime, count }: Stretch, instant: number): number {
  if (instant <= scheduledTime) return 0;
  if (instant > untilTime) return count;
  const spacing = (untilTime - scheduledTime) / Math.max(1, count - 1);
  return Math.min(count, Math.ceil((instant - scheduledTime) / spacing));
}

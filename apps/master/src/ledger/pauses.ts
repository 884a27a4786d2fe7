import { Schedule, scheduleOf } from '@app/jobs';
import { Term } from './terms.js';

/** A time in which a job was paused: [from, to), epoch milliseconds; without `to` nobody knows its end yet. */
export interface Pause {
  readonly from: number;
  readonly to?: number;
  /** Who said so last; undefined where another client of the store did. */
  readonly by?: string;
  readonly reason?: string;
  /** The schedules that were held back, each in its part of the pause. */
  readonly held: readonly HeldSchedule[];
}

interface HeldSchedule {
  readonly from: number;
  readonly to?: number;
  readonly schedule: Schedule | undefined;
}

/** The pauses of a job, oldest first. A pause whose definition was edited meanwhile is one pause. */
export function pausesOf(terms: readonly Term[]): readonly Pause[] {
  const pauses: Pause[] = [];
  for (const term of terms) {
    const pause = pauseOf(term);
    if (!pause) continue;
    const before = pauses.at(-1);
    const isOne = before && (before.to === undefined || pause.from <= before.to);
    if (isOne) pauses.pop();
    pauses.push(
      isOne ? { ...pause, from: Math.min(before.from, pause.from), held: [...before.held, ...pause.held] } : pause,
    );
  }
  return pauses;
}

/** Whether an instant lies in the pause. */
export function isWithin({ from, to = Infinity }: Pick<Pause, 'from' | 'to'>, instant: number): boolean {
  return from <= instant && instant < to;
}

/** Scheduled times in [from, to) that the pauses held back, of each schedule at most `limit`. */
export function heldTimes(pauses: readonly Pause[], from: number, to: number, limit: number): readonly number[] {
  return pauses.flatMap(({ held }) =>
    held.flatMap(({ schedule, ...part }) => {
      const times: number[] = [];
      const end = Math.min(to, part.to ?? Infinity);
      let time = schedule?.next(Math.max(from, part.from) - 1);
      while (time !== undefined && time < end && times.length < limit) {
        times.push(time);
        time = schedule?.next(time);
      }
      return times;
    }),
  );
}

function pauseOf({ job, from, to, pause }: Term): Pause | undefined {
  if (!pause) return undefined;
  const end = Math.min(to ?? Infinity, job.pausedUntil ?? Infinity);
  if (end <= from) return undefined;
  const until = end === Infinity ? {} : { to: end };
  const { pausedReason: reason } = job;
  return {
    from: pause.at,
    ...until,
    ...(pause.by !== undefined && { by: pause.by }),
    ...(reason !== undefined && { reason }),
    held: [{ from, ...until, schedule: scheduleOf(job) }],
  };
}

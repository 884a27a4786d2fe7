import { formatDay, formatInstant } from '@/format/instant';

/** Ends of a pause people ask for. `resumed`: none; `time`: one they name. */
export const PAUSE_ENDS = ['resumed', 'hour', 'tomorrow', 'monday', 'time'] as const;
export type PauseEnd = (typeof PAUSE_ENDS)[number];

const HOUR_MS = 3_600_000;
const MORNING = '09:00:00';

/** When a pause ends, epoch milliseconds, as somebody in the zone means it; undefined where it has no end of its own. */
export function pauseEndAt(end: Exclude<PauseEnd, 'time'>, now: number, zone: string): number | undefined {
  switch (end) {
    case 'resumed':
      return undefined;
    case 'hour':
      return now + HOUR_MS;
    case 'tomorrow':
      return instantOf(dayAfter(formatDay(now, zone), 1), MORNING, zone);
    case 'monday':
      return instantOf(dayAfter(formatDay(now, zone), daysToMonday(formatDay(now, zone))), MORNING, zone);
    default:
      return end satisfies never;
  }
}

/**
 * The instant (epoch milliseconds) at which the wall clock of the zone shows `2026-11-21` and `09:00:00`. A time that
 * comes twice gives one of the two; one that a change of clocks leaves out gives an instant an hour beside it.
 */
export function instantOf(day: string, time: string, zone: string): number {
  const wanted = Date.parse(`${day}T${time}Z`);
  const shownAt = (at: number): number => Date.parse(`${formatInstant(at, zone).replace(' ', 'T')}Z`);
  const guess = wanted - (shownAt(wanted) - wanted);
  return guess - (shownAt(guess) - wanted);
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * HOUR_MS).toISOString().slice(0, 10);
}

/** 1 to 7: a Monday means the next one. */
function daysToMonday(day: string): number {
  return (7 - ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7)) % 7 || 7;
}

import { formatDuration, type Language } from '@/format/duration';
import { wallClock } from '@/format/instant';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Lengths of time people count in, milliseconds, ascending. */
export const DURATION_STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 96, 168].map((count) => count * HOUR),
];

/** Where the lines of a logarithmic axis of durations stand: at most about six of the lengths people count in. */
export function logSplits(min: number, max: number): number[] {
  const within = DURATION_STEPS.filter((step) => step >= min && step <= max);
  const every = Math.ceil(within.length / 6);
  return within.filter((_, index) => index % every === 0);
}

/** A length of time at an axis: as short as it can be. */
export function durationLabel(ms: number, language: Language): string {
  return ms === 0 ? '0' : formatDuration(ms, language);
}

/**
 * Times along an axis, in the zone: the hour, and the day where it begins or where whole days are counted. `at` in epoch
 * seconds, as uPlot has them.
 */
export function timeLabels(at: readonly number[], stepSeconds: number, zone: string): string[] {
  let dayBefore = '';
  return at.map((seconds) => {
    const { month, day, hour, minute } = wallClock(seconds * 1000, zone);
    const date = `${month}-${day}`;
    const isNewDay = date !== dayBefore;
    dayBefore = date;
    if (stepSeconds >= 86_400) return date;
    return isNewDay ? `${hour}:${minute}\n${date}` : `${hour}:${minute}`;
  });
}

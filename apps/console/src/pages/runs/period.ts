import { wallClock } from '@/format/instant';

/** Stretches of time one picks by name; they move on with the clock. */
export const PERIODS = ['1h', 'today', '24h', '7d'] as const;
export type Period = (typeof PERIODS)[number];

const HOUR = 3_600_000;
const LENGTHS = { '1h': HOUR, '24h': 24 * HOUR, '7d': 7 * 24 * HOUR } as const;

export function isPeriod(value: string): value is Period {
  return (PERIODS as readonly string[]).includes(value);
}

/** Where a stretch begins, epoch milliseconds; `today` is the day of the zone. */
export function startOf(period: Period, now: number, zone: string): number {
  if (period === 'today') {
    const { year, month, day } = wallClock(now, zone);
    return instantOf(`${year}-${month}-${day}T00:00`, zone) ?? now;
  }
  return now - LENGTHS[period];
}

/**
 * The instant at which the clock of a zone shows `YYYY-MM-DDTHH:MM`, epoch milliseconds; where it does so twice, the
 * first, and where it skips that, the moment after. undefined where the text is no such time.
 */
export function instantOf(text: string, zone: string): number | undefined {
  const asUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  if (Number.isNaN(asUtc)) return undefined;
  // Offsets before and after any change of the clocks near it; the greater one gives the earlier instant.
  const offsets = [asUtc - 24 * HOUR, asUtc + 24 * HOUR].map((at) => offsetAt(at, zone));
  const tried = [...new Set(offsets)].sort((left, right) => right - left).map((offset) => asUtc - offset);
  return tried.find((at) => offsetAt(at, zone) === asUtc - at) ?? tried.at(-1);
}

/** `YYYY-MM-DDTHH:MM` on the clock of a zone, for a field of a form. */
export function fieldOf(at: number, zone: string): string {
  const { year, month, day, hour, minute } = wallClock(at, zone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

function offsetAt(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = wallClock(at, zone);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(at / 1000) * 1000;
}

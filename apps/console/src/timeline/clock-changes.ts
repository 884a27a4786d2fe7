import { wallClock } from '@/format/instant';
import type { Span } from './span';

/** The clocks of a zone are set, forward (`byMs` positive) or back. */
export interface ClockChange {
  /** First instant of the new time. */
  readonly at: number;
  readonly byMs: number;
  /** What the clock would have shown at `at`, had it not been set: `02:00`. */
  readonly was: string;
}

const MINUTE = 60_000;
const STRIDE_MS = 6 * 60 * MINUTE;

/** When the clocks of a zone are set within a span. */
export function clockChangesIn({ from, to }: Span, zone: string): readonly ClockChange[] {
  const changes: ClockChange[] = [];
  for (let start = from; start < to; start += STRIDE_MS) {
    const end = Math.min(to, start + STRIDE_MS);
    const byMs = offsetMs(end, zone) - offsetMs(start, zone);
    if (byMs !== 0) {
      const at = firstOfNewTime(start, end, zone);
      changes.push({ at, byMs, was: nextMinute(wallClock(at - MINUTE, zone)) });
    }
  }
  return changes;
}

function nextMinute({ hour, minute }: { hour: string; minute: string }): string {
  const minutes = (Number(hour) * 60 + Number(minute) + 1) % 1440;
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Halves the stretch until a minute is left. */
function firstOfNewTime(start: number, end: number, zone: string): number {
  const old = offsetMs(start, zone);
  let [before, after] = [Math.floor(start / MINUTE), Math.ceil(end / MINUTE)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMs(middle * MINUTE, zone) === old) before = middle;
    else after = middle;
  }
  return after * MINUTE;
}

function offsetMs(at: number, zone: string): number {
  const { year, month, day, hour, minute } = wallClock(at, zone);
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return wall - Math.floor(at / MINUTE) * MINUTE;
}

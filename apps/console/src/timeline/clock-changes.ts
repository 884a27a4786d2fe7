import { wallClock } from '@/format/instant';
import type { Span } from './span';

/** The clocks of a zone are set, forward (`byMs` positive) or back. */
export interface ClockChange {
  /** First instant of the new time. */
  readonly at: number;
  readonly byMs: number;
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
      changes.push({ at: firstOfNewTime(start, end, zone), byMs });
    }
  }
  return changes;
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

import { wallClock } from '@/format/instant';
import type { Span } from './span';

/** A place on the axis that is named: a round time of the viewer's wall clock. */
export interface Tick {
  readonly at: number;
  /** `09:00`. */
  readonly time: string;
  /** Midnight: a day begins. */
  readonly isDay: boolean;
}

const MINUTE = 60_000;
const STEPS_MINUTES = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440] as const;

/** Round times of a zone within a span, at most `most` of them where the longest step allows. Ascending. */
export function ticksOf({ from, to }: Span, zone: string, most: number): readonly Tick[] {
  const step = STEPS_MINUTES.find((minutes) => (to - from) / (minutes * MINUTE) <= most) ?? 1440;
  // Offsets from UTC are whole quarters of an hour, so each round time lies on this grid.
  const gridMs = Math.min(step, 15) * MINUTE;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(from / gridMs) * gridMs; at < to; at += gridMs) {
    const { hour, minute } = wallClock(at, zone);
    if ((Number(hour) * 60 + Number(minute)) % step === 0) {
      ticks.push({ at, time: `${hour}:${minute}`, isDay: hour === '00' && minute === '00' });
    }
  }
  return ticks;
}

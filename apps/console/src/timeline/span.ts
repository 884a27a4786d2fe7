/** A half-open stretch of time, epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How much time is looked at at once. */
export const WINDOWS = ['1h', '6h', '12h', '24h', '7d'] as const;
export type WindowName = (typeof WINDOWS)[number];

/** Length of a window, and the step its fires are counted in, both milliseconds. */
export const WINDOW: Readonly<Record<WindowName, { readonly lengthMs: number; readonly stepMs: number }>> = {
  '1h': { lengthMs: HOUR, stepMs: MINUTE },
  '6h': { lengthMs: 6 * HOUR, stepMs: 2 * MINUTE },
  '12h': { lengthMs: 12 * HOUR, stepMs: 5 * MINUTE },
  '24h': { lengthMs: 24 * HOUR, stepMs: 10 * MINUTE },
  '7d': { lengthMs: 168 * HOUR, stepMs: HOUR },
};

/** The window around now: a third of it past. It begins on a whole step, so that it moves a step at a time. */
export function spanAround(now: number, name: WindowName): Span {
  const { lengthMs, stepMs } = WINDOW[name];
  const from = Math.floor((now - lengthMs / 3) / stepMs) * stepMs;
  return { from, to: from + lengthMs };
}

/** The window from an instant on; it begins on a whole minute. */
export function spanFrom(from: number, name: WindowName): Span {
  const start = Math.round(from / MINUTE) * MINUTE;
  return { from: start, to: start + WINDOW[name].lengthMs };
}

/** The window of another length with the same instant a third from its left. */
export function spanResized({ from, to }: Span, name: WindowName): Span {
  return spanFrom(from + (to - from) / 3 - WINDOW[name].lengthMs / 3, name);
}

/** Where an instant lies on an axis of this width, pixels; outside of it, too. */
export function placeOf(at: number, { from, to }: Span, width: number): number {
  return ((at - from) / (to - from)) * width;
}

/** `FAULTS=long` lives through the whole of each fault; the short form is for every change. */
export const IS_LONG = process.env.FAULTS === 'long';

/** Milliseconds in the long form and in the short one. */
export function span(longMs: number, shortMs: number): number {
  return IS_LONG ? longMs : shortMs;
}

/** The first whole second that begins after an instant. */
export function secondAfter(at: number): number {
  return Math.floor(at / 1000) * 1000 + 1000;
}

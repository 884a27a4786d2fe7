import { Random } from '../simulation/random.js';

/** `FAULTS=long` lives through the whole of each fault; the short form is for every change. */
export const IS_LONG = process.env.FAULTS === 'long';

/** Deals out the moments of the faults; FAULTS_SEED gives them again, the machine's own timing apart. */
export const SEED = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);
export const random = new Random(SEED);

/** Milliseconds in the long form and in the short one. */
export function span(longMs: number, shortMs: number): number {
  return IS_LONG ? longMs : shortMs;
}

/** The first whole second that begins after an instant. */
export function secondAfter(at: number): number {
  return Math.floor(at / 1000) * 1000 + 1000;
}

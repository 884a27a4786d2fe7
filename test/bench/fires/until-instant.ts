import { setTimeout as delay } from 'node:timers/promises';

/** Resolves at an instant of the wall clock, epoch milliseconds. */
export async function untilInstant(at: number): Promise<void> {
  while (Date.now() < at) await delay(Math.min(1_000, at - Date.now()));
}

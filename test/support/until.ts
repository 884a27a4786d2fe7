import { setTimeout as delay } from 'node:timers/promises';

/**
 * Resolves with the first value that is neither undefined nor false, asking every few milliseconds. Rejects, naming what
 * was waited for, after `withinMs`.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 10_000,
): Promise<T> {
  const since = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() - since > withinMs) throw new Error(`waited ${withinMs} ms in vain for: ${what}`);
    await delay(5);
  }
}

/** Resolves at an instant of the wall clock, epoch milliseconds. */
export async function untilTime(at: number): Promise<void> {
  while (Date.now() < at) await delay(Math.min(1_000, at - Date.now()));
}

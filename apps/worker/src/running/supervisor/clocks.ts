import { uptime } from 'node:os';

/** The clocks a supervisor looks at. The worker's own Clock would bring its library along. */
export interface Clocks {
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /** Milliseconds since the machine booted, suspension included: the clock both processes share. */
  boot(): number;
}

/** The machine's own. */
export const systemClocks: Clocks = {
  now: () => Date.now(),
  boot: () => uptime() * 1000,
};

const LONGEST_TIMER_MS = 2_147_483_647;

/** Calls back once after `delayMs`, however long that is (Node's own timers end at 25 days). Returns how to cancel. */
export function longTimer(delayMs: number, callback: () => void): () => void {
  let left = delayMs;
  let handle: NodeJS.Timeout;
  const arm = (): void => {
    const step = Math.min(left, LONGEST_TIMER_MS);
    left -= step;
    handle = setTimeout(left > 0 ? arm : callback, step);
  };
  arm();
  return () => clearTimeout(handle);
}

import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';

/** Ends a timer. Calling it again, or after the timer fired, does nothing. */
export type CancelTimer = () => void;

/**
 * Every clock a rule may look at. Passed in, so that a test can drive time by hand.
 *
 * The three readings differ on purpose: `now` may jump (NTP, a person), `monotonic` never steps but stands still
 * while the machine is suspended, `boot` never steps and counts suspension.
 */
export interface Clock {
  /** Wall clock: milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonic(): number;
  /** Milliseconds since the machine booted, suspension included; never goes back. Resolution 10 ms. */
  boot(): number;
  /** Calls back once, `delayMs` or more from now on the monotonic clock. A timer is a hint: stores decide. */
  timer(delayMs: number, callback: () => void): CancelTimer;
}

/** The machine's own clocks. Timers do not keep the process alive by themselves being forgotten: owners cancel them. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  boot(): number {
    return uptime() * 1000;
  }

  timer(delayMs: number, callback: () => void): CancelTimer {
    // Longer delays than 2^31-1 ms would fire at once in Node.
    const handle = setTimeout(callback, Math.min(Math.max(0, delayMs), 2_147_483_647));
    return () => clearTimeout(handle);
  }
}

/** Resolves after `delayMs`, or at once when the signal is aborted; never rejects. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.timer(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** The answer, or `late` when it does not come within `ms`: what was asked goes on. Rejects as the answer does. */
export async function within<T, L>(clock: Clock, ms: number, answer: Promise<T>, late: L): Promise<T | L> {
  const over = new AbortController();
  try {
    return await Promise.race([answer, pause(clock, ms, over.signal).then(() => late)]);
  } finally {
    over.abort();
  }
}

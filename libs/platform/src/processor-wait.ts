import { openSync, readSync } from 'node:fs';

/** Linux tells the main thread's figures here: time on a processor, time waiting for one, in nanoseconds, and slices. */
const PATH = '/proc/self/schedstat';
const NANOSECONDS = 1e6;

/**
 * For how long the main thread of this process has been able to run without being let, since its start, milliseconds:
 * as Linux counts it. Gives undefined where the system does not tell.
 */
export function openProcessorWait(path = PATH): () => number | undefined {
  const file = openIfThere(path);
  const text = Buffer.alloc(128);
  return () => {
    if (file === undefined) return undefined;
    try {
      // The same descriptor gives what it is now each time; it stays open as long as the process.
      const [, waited] = text.toString('latin1', 0, readSync(file, text, 0, text.length, 0)).split(' ');
      const ms = Number(waited) / NANOSECONDS;
      return Number.isFinite(ms) ? ms : undefined;
    } catch {
      return undefined;
    }
  };
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

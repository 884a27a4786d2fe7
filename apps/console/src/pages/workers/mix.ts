import type { Worker } from '@fleetcron/sdk';

/** The different values of something all workers should have alike, most frequent first; empty where they do. */
export function mixOf(workers: readonly Worker[], of: (worker: Worker) => string | undefined): readonly string[] {
  const counts = new Map<string, number>();
  for (const worker of workers) {
    const value = of(worker) ?? '?';
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts.size < 2 ? [] : [...counts].sort((left, right) => right[1] - left[1]).map(([value]) => value);
}

import type { Worker } from '@fleetcron/sdk';
import type { Draft } from '@/editing/job-document';
import { isMap, valueAt } from '../state/paths';

/** The workers a job is bound to by its group, the labels it selects by, and the one it names. */
export function workersOf(document: Draft, workers: readonly Worker[]): Worker[] {
  const group = document.group ?? 'default';
  const selector = valueAt(document, ['routing', 'selector']);
  const only = valueAt(document, ['routing', 'worker']);
  const wanted = isMap(selector) ? Object.entries(selector) : [];
  return workers.filter(
    (worker) =>
      worker.group === group &&
      (only === undefined || worker.id === only) &&
      wanted.every(([label, value]) => worker.labels[label] === value),
  );
}

/** Whether a worker takes runs now. */
export function isTaking({ state }: Worker): boolean {
  return state === 'ready' || state === 'starting';
}

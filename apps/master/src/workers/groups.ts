import { StoredJob } from '@app/jobs';
import { WorkerView } from '../ports/worker-directory.js';

/** A pool of workers and what hangs on it. */
export interface GroupView {
  readonly name: string;
  readonly workers: number;
  readonly slots: number;
  readonly running: number;
  readonly jobs: number;
}

/** The groups that workers or jobs name, by name. */
export function groupsOf(workers: readonly WorkerView[], jobs: Iterable<StoredJob>): GroupView[] {
  const groups = new Map<string, { workers: number; slots: number; running: number; jobs: number }>();
  const group = (name: string) => {
    const known = groups.get(name) ?? { workers: 0, slots: 0, running: 0, jobs: 0 };
    groups.set(name, known);
    return known;
  };
  for (const worker of workers) {
    const sums = group(worker.group);
    sums.workers += 1;
    sums.slots += worker.slots;
    sums.running += worker.running;
  }
  for (const { parsed } of jobs) {
    if (parsed.ok) {
      group(parsed.job.group).jobs += 1;
    }
  }
  return [...groups]
    .map(([name, sums]) => ({ name, ...sums }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

import { isEligible, StoredJob } from '@app/jobs';
import { NotFound } from '@app/platform';
import { stateOf } from '../jobs/job-state.js';
import { WorkerView } from '../ports/worker-directory.js';

const JOBS_PER_SLICE = 1_000;

/**
 * Names of the enabled jobs, in order, that the worker may run and no other that takes work. Calls `breathe` between
 * slices of jobs. Throws NotFound.
 */
export async function soleJobsOf(
  id: string,
  workers: readonly WorkerView[],
  jobs: Iterable<StoredJob>,
  now: number,
  breathe: () => Promise<void>,
): Promise<readonly string[]> {
  const worker = workers.find((each) => each.id === id);
  if (!worker) {
    throw new NotFound('worker', id);
  }
  const others = workers.filter((each) => each !== worker && (each.state === 'ready' || each.state === 'starting'));
  const names: string[] = [];
  let looked = 0;
  for (const stored of jobs) {
    looked += 1;
    if (looked % JOBS_PER_SLICE === 0) {
      await breathe();
    }
    const job = stored.parsed.ok ? stored.parsed.job : undefined;
    const isSole = job && isEligible(worker, job) && !others.some((other) => isEligible(other, job));
    if (isSole && stateOf(stored, now) === 'enabled') {
      names.push(stored.name);
    }
  }
  return names.sort();
}

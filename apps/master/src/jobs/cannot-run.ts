import { isEligible, StoredJob } from '@app/jobs';
import { WorkerView } from '../ports/worker-directory.js';
import { WARNING_WORDS } from '../words/warning-words.js';
import { Words } from '../words/words.js';

/**
 * The sentence that no worker may run the job, as the cluster warns of it: none that takes work has its group, labels,
 * name and version. undefined where one may, where the job is none, and where no worker is there at all: that is told of
 * the cluster.
 */
export function cannotRun({ name, parsed }: StoredJob, workers: readonly WorkerView[]): Words | undefined {
  if (!parsed.ok || workers.length === 0) {
    return undefined;
  }
  const { job } = parsed;
  const isTaken = workers.some((worker) => worker.state !== 'draining' && isEligible(worker, job));
  return isTaken ? undefined : WARNING_WORDS.noEligibleWorker([name]);
}

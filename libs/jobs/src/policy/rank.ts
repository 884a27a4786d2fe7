import type { Job } from '../job/job.js';
import type { KnownWorker } from '../store/presence.js';

/** Highest `v` of a job document this program knows. */
const JOB_SCHEMA = 1;

/** What of a worker decides which jobs it may run. */
export type Capabilities = Pick<KnownWorker, 'id' | 'group' | 'labels' | 'schema'>;

/** What of a job decides which workers may run it. */
export type Demands = Pick<Job, 'group' | 'routing'>;

/** Whether the worker may ever run the job: group, labels, pin, schema. Time does not come into it. */
export function isEligible(worker: Capabilities, job: Demands, schema = JOB_SCHEMA): boolean {
  if (worker.group !== job.group || worker.schema < schema) return false;
  if (job.routing.worker !== undefined && job.routing.worker !== worker.id) return false;
  for (const [label, value] of Object.entries(job.routing.selector)) {
    if (worker.labels[label] !== value) return false;
  }
  return true;
}

/** Whether the worker takes fires at all now: its clock is sane, and commands can be started there. */
export function isWell({ clockSuspect, cannotStart }: Pick<KnownWorker, 'clockSuspect' | 'cannotStart'>): boolean {
  return !clockSuspect && !cannotStart;
}

/**
 * The workers that try for a fire, in the order in which they try: rendezvous hashing over the eligible ones, then those
 * without a free slot, then the newcomers whose `eligibleFrom` is not before it. Every worker that sees the same presences computes the same order.
 */
export function rankWorkers(
  workers: readonly KnownWorker[],
  job: Demands & Pick<Job, 'name'>,
  scheduledTime: number,
): readonly KnownWorker[] {
  const candidates = workers
    .filter((worker) => isEligible(worker, job) && isWell(worker) && (worker.drainFrom ?? Infinity) > scheduledTime)
    .map((worker) => ({
      worker,
      isNew: worker.eligibleFrom >= scheduledTime,
      isFull: worker.isFull === true,
      weight: rendezvousWeight(job.name, worker.id),
    }));
  candidates.sort(
    (a, b) =>
      Number(a.isNew) - Number(b.isNew) ||
      Number(a.isFull) - Number(b.isFull) ||
      b.weight - a.weight ||
      (a.worker.id < b.worker.id ? -1 : 1),
  );
  return candidates.map((candidate) => candidate.worker);
}

/** 32-bit FNV-1a over both names with a final mix: cheap, and even enough to share a thousand jobs fairly. */
export function rendezvousWeight(jobName: string, workerId: string): number {
  let hash = 0x811c9dc5;
  for (const text of [jobName, '\n', workerId]) {
    for (let index = 0; index < text.length; index++) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

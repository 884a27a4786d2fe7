import type { Job } from '../job/job.js';

/** Slots of the job's lock, of which a run takes one; empty where runs may overlap without limit. */
export function lockSlots(job: Job): readonly number[] {
  if (job.concurrencyPolicy !== 'allow') return [0];
  return job.maxConcurrent === undefined ? [] : Array.from({ length: job.maxConcurrent }, (_, slot) => slot);
}

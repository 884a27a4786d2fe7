import type { Job, JobDocument } from '@fleetcron/sdk';

/** What the server adds to a document when it gives a job. */
const SERVER_FIELDS = [
  'revision',
  'state',
  'scheduleText',
  'nextFireAt',
  'decidedUntil',
  'runCount',
  'running',
  'recentRuns',
  'invalid',
] as const satisfies readonly (keyof Job)[];

/** The part of a job that people write: what can be created again, cloned or compared. */
export function documentOf(job: Job): JobDocument {
  const written: Partial<Job> = { ...job };
  for (const field of SERVER_FIELDS) delete written[field];
  return written as JobDocument;
}

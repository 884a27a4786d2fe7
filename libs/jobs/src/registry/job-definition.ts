import type { Entry } from '@app/etcd';
import { scheduleFingerprint } from '../job/fingerprint.js';
import type { Job, ParsedJob } from '../job/job.js';
import { parseJob } from '../job/parse-job.js';
import { effectiveSchedule } from '../schedule/effective-schedule.js';
import type { Schedule } from '../schedule/schedule.js';

/** A job as it stands in the store at one revision. */
export interface JobDefinition {
  readonly name: string;
  readonly revision: number;
  /** The revision at which a job of this name came into being. */
  readonly createRevision: number;
  readonly parsed: ParsedJob;
  /** undefined for an invalid one. */
  readonly job: Job | undefined;
  /** undefined where nothing fires by itself: invalid, paused without an end, without cronExpr. */
  readonly schedule: Schedule | undefined;
  /** Of the schedule as it stands in the document; '' for an invalid one. */
  readonly fingerprint: string;
}

/** Reads what stands under `jobs/NAME`. Never throws: what does not parse is a definition of an invalid job. */
export function readDefinition(name: string, entry: Entry): JobDefinition {
  const parsed = parseJob(entry.value, name);
  return {
    name,
    revision: entry.modRevision,
    createRevision: entry.createRevision,
    parsed,
    job: parsed.ok ? parsed.job : undefined,
    schedule: parsed.ok ? effectiveSchedule(parsed.job) : undefined,
    fingerprint: parsed.ok ? scheduleFingerprint(parsed.document) : '',
  };
}

/** Whether a cursor moved for the one is a cursor of the other. */
export function isSameSchedule(a: JobDefinition, b: JobDefinition): boolean {
  return a.fingerprint === b.fingerprint && a.createRevision === b.createRevision;
}

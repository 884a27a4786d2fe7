import type { Entry, Kept } from '@app/etcd';
import { scheduleFingerprint } from '../job/fingerprint.js';
import type { Job, ParsedJob } from '../job/job.js';
import { parseJob } from '../job/parse-job.js';
import { effectiveSchedule } from '../schedule/effective-schedule.js';
import type { Schedule } from '../schedule/schedule.js';
import { type JobTerms, termsOf } from './job-terms.js';
import { fullText, spareText } from './spare-text.js';

/** A job as it stands in the store at one revision. */
export interface JobDefinition {
  readonly name: string;
  readonly revision: number;
  /** The revision at which a job of this name came into being. */
  readonly createRevision: number;
  readonly parsed: ParsedJob;
  /** undefined for an invalid one. */
  readonly job: Job | undefined;
  /** What planning needs of it; undefined for an invalid one. */
  readonly terms: JobTerms | undefined;
  /** undefined where nothing fires by itself: invalid, paused without an end, without cronExpr. */
  readonly schedule: Schedule | undefined;
  /** Of the schedule as it stands in the document; '' for an invalid one. */
  readonly fingerprint: string;
}

/** A definition that a mirror may keep. */
export type KeptDefinition = JobDefinition & Kept;

/** Reads what stands under `jobs/NAME`. Never throws: what does not parse is a definition of an invalid job. */
export function readDefinition(name: string, entry: Entry): KeptDefinition {
  return new Definition(name, entry, parseJob(entry.value, name));
}

/**
 * The same at a fraction of the memory: the document is kept as text, a shortened one, and parsed again when asked for.
 * For whoever knows all jobs and runs few of them at a time.
 */
export function readSpareDefinition(name: string, entry: Entry): KeptDefinition {
  const parsed = parseJob(entry.value, name);
  return new Definition(name, entry, parsed, parsed.ok ? spareText(entry.value.toString('utf8'), name) : parsed);
}

/** Whether a cursor moved for the one is a cursor of the other. */
export function isSameSchedule(a: JobDefinition, b: JobDefinition): boolean {
  return a.fingerprint === b.fingerprint && a.createRevision === b.createRevision;
}

class Definition implements JobDefinition, Kept {
  readonly name: string;
  readonly revision: number;
  readonly createRevision: number;
  readonly terms: JobTerms | undefined;
  readonly schedule: Schedule | undefined;
  readonly fingerprint: string;
  listing = 0;

  constructor(
    name: string,
    entry: Entry,
    parsed: ParsedJob,
    /** What is kept of it: all, or a spare text to be parsed again. */
    private readonly kept: ParsedJob | string = parsed,
  ) {
    // A string of its own, where there is one: the name that was given is cut out of a key.
    this.name = parsed.ok ? parsed.job.name : name;
    this.revision = entry.modRevision;
    this.createRevision = entry.createRevision;
    this.terms = parsed.ok ? termsOf(parsed.job) : undefined;
    this.schedule = parsed.ok ? effectiveSchedule(parsed.job) : undefined;
    this.fingerprint = parsed.ok ? scheduleFingerprint(parsed.document) : '';
  }

  get id(): string {
    return this.name;
  }

  get modRevision(): number {
    return this.revision;
  }

  get parsed(): ParsedJob {
    return typeof this.kept === 'string' ? parsedAgain(this, this.kept) : this.kept;
  }

  get job(): Job | undefined {
    const { parsed } = this;
    return parsed.ok ? parsed.job : undefined;
  }
}

/** Those asked for lately: what runs is asked for several times in a row. */
const lately = new Map<Definition, ParsedJob>();
const MAX_LATELY = 1_000;

function parsedAgain(definition: Definition, spare: string): ParsedJob {
  const known = lately.get(definition);
  if (known) return known;
  const parsed = parseJob(fullText(spare, definition.name), definition.name);
  if (lately.size >= MAX_LATELY) lately.delete(lately.keys().next().value!);
  lately.set(definition, parsed);
  return parsed;
}

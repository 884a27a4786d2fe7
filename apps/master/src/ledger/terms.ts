import { Job, JobVersion, PauseNote, parseJob, StoredJob } from '@app/jobs';

/** A definition while it was in force: [from, to), epoch milliseconds; without `to` it is still. */
export interface Term {
  readonly job: Job;
  readonly from: number;
  readonly to?: number;
  /** Whether `from` was noted with the definition, not told by when the one before it went. */
  readonly isNoted: boolean;
  /** Of one that is paused: since when, and who said so. */
  readonly pause?: PauseNote;
}

/**
 * The definitions of a job as far as the store keeps them, oldest first; what is no job, and what nobody knows the
 * beginning of, is left out. `versions`: newest first.
 */
export function termsOf(stored: StoredJob, versions: readonly JobVersion[], now: number): readonly Term[] {
  const terms = [...versions].reverse().flatMap((version, index, all): Term[] => {
    const { document, putAt, putBy, replacedAt } = version;
    const before = all[index - 1];
    const from = putAt ?? before?.replacedAt;
    const parsed = parseJob(JSON.stringify(document), stored.name);
    if (!parsed.ok || from === undefined) return [];
    const pause = version.pause ?? { at: from, by: putAt === undefined ? before?.replacedBy : putBy };
    return [
      { job: parsed.job, from, to: replacedAt, isNoted: putAt !== undefined, ...(parsed.job.paused && { pause }) },
    ];
  });
  return stored.parsed.ok ? [...terms, presentTerm(stored, stored.parsed.job, versions[0], now)] : terms;
}

function presentTerm(stored: StoredJob, job: Job, before: JobVersion | undefined, now: number): Term {
  const { edited, scheduledSince, decidedUntil } = stored;
  const from = edited?.at ?? stored.pause?.at ?? scheduledSince ?? before?.replacedAt ?? decidedUntil ?? now;
  const pause = stored.pause ?? { at: from };
  return { job, from, isNoted: edited !== undefined, ...(job.paused && { pause }) };
}

/**
 * From when on the job has fired by the schedule it has now, pauses left aside, epoch milliseconds: `scheduledSince`, or
 * earlier where the terms before are known to have had the same schedule without a gap.
 */
export function sameScheduleSince(terms: readonly Term[], scheduledSince: number | undefined): number | undefined {
  const present = terms.at(-1);
  if (scheduledSince === undefined || present === undefined || present.to !== undefined) return scheduledSince;
  let since = Infinity;
  for (const term of [...terms].reverse()) {
    const isNext = term === present || term.to === since;
    if (!isNext || !term.isNoted || !hasSameSchedule(term.job, present.job)) break;
    since = term.from;
  }
  return Math.min(scheduledSince, since);
}

function hasSameSchedule(left: Job, right: Job): boolean {
  return (['cronExpr', 'timezone', 'startAt', 'endAt'] as const).every((field) => left[field] === right[field]);
}

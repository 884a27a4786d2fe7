import { type FirePlan, stretch } from '../policy/misfire.js';
import { fireRunId } from '../policy/run-id.js';
import type { JobDefinition } from '../registry/job-definition.js';
import { type Cursor, isCursorOf } from '../store/cursor.js';
import type { LockHolder, RunEntry, SessionRef, Stretch } from '../store/run-entry.js';

/** What every decision about a fire has in common. */
export interface FireBase {
  readonly definition: JobDefinition;
  readonly cursor: Cursor;
  readonly session: SessionRef;
  /** Scheduled time. */
  readonly at: number;
  readonly now: number;
}

export function claimEntry(base: FireBase, plan: FirePlan & { kind: 'claim' }, lockSlot: number | undefined): RunEntry {
  return {
    ...common(base),
    state: 'claimed',
    trigger: plan.isCatchUp ? 'catchUp' : 'schedule',
    gap: plan.gap,
    ...(lockSlot === undefined ? {} : { lockSlot }),
    ...(base.definition.job ? { lostAfterSeconds: base.definition.job.lostAfterSeconds } : {}),
  };
}

/** None of the fires runs: they were found too late. */
export function missEntry(base: FireBase, gap: readonly Stretch[], reason: string): RunEntry {
  return { ...common(base), state: 'finished', trigger: 'schedule', gap, result: { status: 'missed', reason } };
}

/** The run before is still at it. */
export function overlapEntry(base: FireBase, gap: readonly Stretch[], holder: LockHolder): RunEntry {
  const reason = `overlap: run ${holder.runId} on ${holder.worker}`;
  return { ...common(base), state: 'finished', trigger: 'schedule', gap, result: { status: 'skipped', reason } };
}

/** The lock's holder vanished, and the starting deadline passed before the lock was free. */
export function giveUpEntry(base: FireBase, gap: readonly Stretch[], holder: LockHolder | undefined): RunEntry {
  const reason = holder ? `holderGone: run ${holder.runId} on ${holder.worker}` : 'holderGone';
  return { ...common(base), state: 'finished', trigger: 'schedule', gap, result: { status: 'missed', reason } };
}

/**
 * Takes over a job that another client put or changed, as of the instant since which its schedule is known: nothing fires
 * for a time before that, and what the earlier definition left undecided then becomes one skipped stretch. Not as of now:
 * whoever adopts may have come to it late, and what was due meanwhile would be nobody's.
 */
export function adoption(
  definition: JobDefinition,
  earlier: JobDefinition | undefined,
  cursor: Cursor | undefined,
  since: number,
  session: SessionRef,
): { next: Cursor; entry: RunEntry | undefined } {
  const isSameJob = isCursorOf(cursor, definition);
  const next: Cursor = {
    at: Math.max(cursor?.at ?? 0, since),
    generation: definition.createRevision,
    fingerprint: definition.fingerprint,
    since,
    runs: isSameJob ? cursor.runs : 0,
    resets: cursor?.resets ?? 0,
  };
  // A cursor of a deleted job was settled when it was marked.
  if (cursor === undefined || cursor.deleted) return { next, entry: undefined };
  const reason = isSameJob ? (definition.job?.paused ? 'paused' : 'edited') : 'deleted';
  const isKnown = earlier?.createRevision === cursor.generation && earlier.fingerprint === cursor.fingerprint;
  const entry = isKnown
    ? leftUndecided(earlier, cursor, session, since, reason)
    : leftUnknown(definition, cursor, session, since, reason);
  return { next, entry };
}

/** The fires of a definition that ends now and has not decided them: one skipped stretch. undefined: there are none. */
export function leftUndecided(
  definition: JobDefinition,
  cursor: Cursor,
  session: SessionRef,
  now: number,
  reason: string,
): RunEntry | undefined {
  if (definition.schedule === undefined) return undefined;
  const [left] = stretch(definition.schedule, cursor.at, now, reason, 'skipped');
  if (left === undefined) return undefined;
  const gap = stretch(definition.schedule, cursor.at, left.to - 1, reason, 'skipped');
  return skippedEntry({ definition, cursor, session, at: left.to, now }, gap, reason);
}

/** Nobody knows the earlier definition any more: a stretch of an unknown number of fires, so that "why" has an answer. */
function leftUnknown(
  definition: JobDefinition,
  cursor: Cursor,
  session: SessionRef,
  now: number,
  why: string,
): RunEntry | undefined {
  if (cursor.at >= now) return undefined;
  const reason = `${why}: earlier definition unknown`;
  const gap: Stretch = { from: cursor.at + 1, to: now, count: 0, status: 'skipped', reason };
  return skippedEntry({ definition, cursor, session, at: now, now }, [gap], reason);
}

function skippedEntry(base: FireBase, gap: readonly Stretch[], reason: string): RunEntry {
  return { ...common(base), state: 'finished', trigger: 'schedule', gap, result: { status: 'skipped', reason } };
}

function common({ definition, cursor, session, at, now }: FireBase) {
  const runId = fireRunId({
    jobName: definition.name,
    generation: definition.createRevision,
    scheduledTime: at,
    resets: cursor.resets,
  });
  return {
    ...session,
    runId,
    jobName: definition.name,
    scheduledTime: at,
    claimedAt: now,
    attempt: 1,
    rootRunId: runId,
    jobRevision: definition.revision,
    jobGeneration: definition.createRevision,
    cursorResets: cursor.resets,
  } as const;
}

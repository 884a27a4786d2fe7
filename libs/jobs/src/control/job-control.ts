import type { JobDocument, ParsedJob } from '../job/job.js';
import type { PauseNote } from '../store/edit-note.js';

/** Who did it, as the audit and the records show it: a user name, `token:ci`, `etcd`. */
export interface Actor {
  readonly name: string;
}

/** Who put a definition, and when, epoch milliseconds. */
export interface Edited {
  readonly by: string;
  readonly at: number;
}

/** A job as it stands in the store. */
export interface StoredJob {
  readonly name: string;
  /** Changes with every edit; the ETag. */
  readonly revision: number;
  /** The revision of its creation: another one means another job of the same name. */
  readonly createRevision: number;
  readonly parsed: ParsedJob;
  /** Instant up to which all fires are decided, epoch milliseconds; undefined until adopted. */
  readonly decidedUntil?: number;
  /** From when on its schedule decides, epoch milliseconds: before it fired by another, or not at all. undefined: not known. */
  readonly scheduledSince?: number;
  /** Runs by schedule so far. */
  readonly runCount?: number;
  /** Who put it as it stands, and when; undefined where another client did, or it is not known. */
  readonly edited?: Edited;
  /** Of a paused job: since when it is, epoch milliseconds, and who said so; undefined where nobody knows. */
  readonly pause?: PauseNote;
}

export type JobState = 'enabled' | 'paused' | 'invalid' | 'ended';

export interface JobQuery {
  /** Literal text in name or description, case-insensitive. */
  readonly search?: string;
  readonly group?: string;
  /** `key` or `key=value`. */
  readonly label?: string;
  readonly state?: JobState;
  /** Ascending, or descending with a leading `-`. Default `name`. */
  readonly sort?: 'name' | '-name' | 'next' | '-next';
  /** 1 to 500. */
  readonly limit: number;
  readonly cursor?: string;
}

export interface JobPage {
  readonly items: readonly StoredJob[];
  readonly nextCursor?: string;
  readonly total: number;
}

export interface RunRequest {
  readonly params?: Readonly<Record<string, string>>;
  /** Only this worker may take it. */
  readonly worker?: string;
  /** The same key within a day gives the same run. */
  readonly idempotencyKey?: string;
}

/** A wish to run the fires of a range again, or for the first time. Both ends inclusive, epoch milliseconds. */
export interface Backfill {
  readonly from: number;
  readonly to: number;
  readonly params?: Readonly<Record<string, string>>;
}

/**
 * Everything people do to jobs. Each write is one transaction that carries job and cursor together, so that once it has
 * answered no later claim uses the old definition. All may throw StoreUnavailable; `unknown` means: look before asking
 * again.
 */
export interface JobControl {
  /** Read from the store, so that a write is seen at once everywhere. Throws NotFound. */
  get(name: string): Promise<StoredJob>;
  /** May lag behind the store by the watch. Throws InvalidInput for a forged cursor. */
  list(query: JobQuery): Promise<JobPage>;
  /** The same jobs in the same order, those with a highest number of runs with how many they have had, up to when, where known. */
  withRunCounts(jobs: readonly StoredJob[]): Promise<readonly StoredJob[]>;
  /** Throws InvalidInput, AlreadyExists. */
  create(document: unknown, actor: Actor): Promise<StoredJob>;
  /** Creates where absent, unless `ifRevision` is given. Throws InvalidInput, RevisionConflict, NotFound. */
  replace(
    name: string,
    document: unknown,
    actor: Actor,
    ifRevision?: number,
  ): Promise<{ job: StoredJob; created: boolean }>;
  /** RFC 7396. Throws InvalidInput, NotFound, RevisionConflict. */
  patch(name: string, mergePatch: unknown, actor: Actor, ifRevision?: number): Promise<StoredJob>;
  /** Throws NotFound, RevisionConflict. Runs that are on their way end by themselves. */
  remove(name: string, actor: Actor, ifRevision?: number): Promise<void>;
  pause(name: string, options: { reason?: string; until?: number }, actor: Actor): Promise<StoredJob>;
  resume(name: string, actor: Actor): Promise<StoredJob>;
  /** Earlier definitions, newest first, at most 20. */
  versions(name: string): Promise<readonly JobVersion[]>;
  /** Puts an earlier definition back. Throws NotFound. */
  restore(name: string, revision: number, actor: Actor): Promise<StoredJob>;
  /** Sets the cursor, also back: the one call that may. Fires after `to` are decided again under new run ids. */
  resetCursor(name: string, to: number, actor: Actor): Promise<void>;
  /** Throws NotFound, InvalidInput (unknown parameters). */
  requestRun(name: string, request: RunRequest, actor: Actor): Promise<{ runId: string }>;
  /**
   * Asks for a run of every scheduled time in the range, at most 1,000; those of a job that may not overlap run one after
   * the other, oldest first. Throws NotFound, InvalidInput, Conflict (no schedule).
   */
  backfill(name: string, range: Backfill, actor: Actor): Promise<{ runIds: readonly string[] }>;
  /** Kills what runs now and cancels pending retries; returns what was asked to end. */
  killJob(name: string, options: { reason?: string }, actor: Actor): Promise<{ runIds: readonly string[] }>;
  /** Throws NotFound when no live run has the id, Conflict when it has ended. */
  killRun(runId: string, options: { reason?: string }, actor: Actor): Promise<void>;
  /** Cancels a queued run. Throws NotFound, Conflict when it has started. */
  cancelRun(runId: string, actor: Actor): Promise<void>;
}

export interface JobVersion {
  readonly revision: number;
  readonly document: JobDocument;
  /** When it was put, epoch milliseconds, and by whom; undefined where that was not noted. */
  readonly putAt?: number;
  readonly putBy?: string;
  /** Of a definition that is paused: since when, and who said so; undefined where that was not noted. */
  readonly pause?: PauseNote;
  /** When it was replaced, epoch milliseconds, and by whom. */
  readonly replacedAt: number;
  readonly replacedBy: string;
}

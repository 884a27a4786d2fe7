import type { RunStatus, RunTrigger } from '../run/run.js';
import { isObject, readInstant, readNumber, readObject, readText, writeInstant } from './json.js';

/** A stretch of fires decided together with one reason. Instants are the first and the last fire, epoch milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly status: 'skipped' | 'missed';
  readonly reason: string;
}

/** Somebody wants it dead. Stays in the entry: a kill is a state. */
export interface KillMark {
  readonly by: string;
  readonly why: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** How a decided fire or request ended. */
export interface RunResult {
  readonly status: RunStatus;
  readonly reason?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly output?: string;
  readonly err?: string;
  readonly outputBytes?: number;
  readonly outputTruncated?: boolean;
  readonly killedBy?: string;
}

/** The worker's lease as it stood when the claim was made. */
export interface SessionRef {
  readonly worker: string;
  /** Lease id. */
  readonly session: string;
  /** create_revision of `workers/ID`. */
  readonly sessionRevision: number;
}

/** What stands under `runs/NAME/RUNID`: one decision, kept until history has it. */
export interface RunEntry extends SessionRef {
  readonly runId: string;
  readonly jobName: string;
  readonly state: 'claimed' | 'running' | 'finished';
  readonly trigger: RunTrigger;
  readonly scheduledTime: number;
  readonly claimedAt: number;
  readonly attempt: number;
  readonly rootRunId: string;
  readonly jobRevision: number;
  /** create_revision of the job: another one is another job of the same name. */
  readonly jobGeneration: number;
  /** Resets of the cursor when it was decided: part of the ids of the gap's records. */
  readonly cursorResets: number;
  /** Slot of the job's lock it holds; undefined: none. */
  readonly lockSlot?: number;
  /**
   * The job's as it was when the run was claimed: its supervisor goes by it, whatever an edit says later. undefined in
   * entries of what never was to run, and of earlier versions.
   */
  readonly lostAfterSeconds?: number;
  readonly gap: readonly Stretch[];
  readonly params?: Readonly<Record<string, string>>;
  /** Who asked for it, where somebody did. */
  readonly requestedBy?: string;
  readonly kill?: KillMark;
  /** Known from `running` on. */
  readonly pid?: number;
  readonly startTime?: number;
  /** Present exactly when finished. */
  readonly result?: RunResult;
}

export function writeRunEntry(entry: RunEntry): string {
  return JSON.stringify({
    v: 1,
    ...entry,
    scheduledTime: writeInstant(entry.scheduledTime),
    claimedAt: writeInstant(entry.claimedAt),
  });
}

/** undefined when the bytes hold no run entry. */
export function readRunEntry(value: Buffer): RunEntry | undefined {
  const raw = readObject(value);
  const scheduledTime = readInstant(raw?.scheduledTime);
  const claimedAt = readInstant(raw?.claimedAt);
  if (raw === undefined || scheduledTime === undefined || claimedAt === undefined) return undefined;
  if (typeof raw.runId !== 'string' || typeof raw.jobName !== 'string') return undefined;
  const { v: _version, gap = [], ...fields } = raw;
  if (!Array.isArray(gap) || !gap.every(isObject)) return undefined;
  if (raw.kill !== undefined && !isObject(raw.kill)) return undefined;
  if ((raw.state === 'finished' || raw.result !== undefined) && !isObject(raw.result)) return undefined;
  return { ...fields, gap, scheduledTime, claimedAt } as unknown as RunEntry;
}

/** What stands under `lock/NAME`: who holds the right to run it. */
export interface LockHolder extends SessionRef {
  readonly runId: string;
}

export function writeLockHolder(holder: LockHolder): string {
  return JSON.stringify({
    v: 1,
    runId: holder.runId,
    worker: holder.worker,
    session: holder.session,
    sessionRevision: holder.sessionRevision,
  });
}

/** A lock put by another program names nobody: undefined. */
export function readLockHolder(value: Buffer): LockHolder | undefined {
  const raw = readObject(value);
  if (typeof raw?.runId !== 'string' || typeof raw.worker !== 'string') return undefined;
  return {
    runId: raw.runId,
    worker: raw.worker,
    session: readText(raw.session),
    sessionRevision: readNumber(raw.sessionRevision),
  };
}

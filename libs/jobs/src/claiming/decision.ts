import type { Compare, Entry, Operation, Transaction, TransactionResult } from '@app/etcd';
import { type Cursor, readCursor, writeCursor } from '../store/cursor.js';
import type { Keys } from '../store/keys.js';
import {
  type LockHolder,
  type RunEntry,
  readLockHolder,
  readRunEntry,
  type SessionRef,
  writeLockHolder,
  writeRunEntry,
} from '../store/run-entry.js';

/** What a worker knows of a job's cursor: undefined value with revision 0 where there is none. */
export interface KnownCursor {
  readonly cursor: Cursor | undefined;
  /** modRevision; 0 while absent. */
  readonly revision: number;
}

/** One decision about a job: the transaction that moves its cursor and says what became of the fires in between. */
export interface Decision {
  readonly jobName: string;
  readonly jobRevision: number;
  readonly known: KnownCursor;
  readonly next: Cursor;
  /** The decision's record; undefined only for an adoption that leaves nothing to account for. */
  readonly entry: RunEntry | undefined;
  readonly session: SessionRef;
  readonly lock: LockCondition;
}

/** What must hold of the job's lock. */
export type LockCondition =
  | { readonly kind: 'none' }
  /** It is free, and the decision takes it. */
  | { readonly kind: 'take'; readonly slot: number }
  /** It is exactly as read, and its holder's session lives: so the fire is skipped. */
  | { readonly kind: 'heldBy'; readonly slot: number; readonly lockRevision: number; readonly holder: LockHolder }
  /** It is exactly as read: so the fire is given up. */
  | { readonly kind: 'unchanged'; readonly slot: number; readonly lockRevision: number };

/**
 * The transaction of PROTOCOL: if cursor, definition, session (and lock) are as known, then move the cursor, put the
 * decision (and the lock); else read what explains the refusal. The gap rides in the entry, so that etcd never says
 * "decided" without saying what.
 */
export function decisionTransaction(keys: Keys, decision: Decision): Transaction {
  const { jobName, session, entry, lock } = decision;
  const compare: Compare[] = [
    { key: keys.cursor(jobName), field: 'modRevision', equals: decision.known.revision },
    { key: keys.job(jobName), field: 'modRevision', equals: decision.jobRevision },
    { key: keys.worker(session.worker), field: 'createRevision', equals: session.sessionRevision },
  ];
  const then: Operation[] = [{ kind: 'put', key: keys.cursor(jobName), value: writeCursor(decision.next) }];
  const otherwise: Operation[] = [
    { kind: 'get', key: keys.cursor(jobName) },
    { kind: 'get', key: keys.worker(session.worker) },
    { kind: 'get', key: keys.lock(jobName, lock.kind === 'none' ? 0 : lock.slot) },
  ];
  if (entry) {
    then.push({ kind: 'put', key: keys.run(jobName, entry.runId), value: writeRunEntry(entry) });
    otherwise.push({ kind: 'get', key: keys.run(jobName, entry.runId) });
  }
  if (lock.kind === 'take' && entry) {
    compare.push(keys.jobLocks.isFree(keys.lock(jobName, lock.slot)));
    const holder: LockHolder = { ...session, runId: entry.runId };
    then.push(keys.jobLocks.take(keys.lock(jobName, lock.slot), writeLockHolder(holder)));
  }
  if (lock.kind === 'heldBy' || lock.kind === 'unchanged') {
    compare.push({ key: keys.lock(jobName, lock.slot), field: 'modRevision', equals: lock.lockRevision });
  }
  if (lock.kind === 'heldBy') {
    const key = keys.worker(lock.holder.worker);
    compare.push({ key, field: 'createRevision', equals: lock.holder.sessionRevision });
  }
  return { compare, then, otherwise };
}

/** What the store said to a decision. Every refusal explains itself. */
export type Answer =
  /** Ours. `revision` is the run key's createRevision, `modRevision` its newest. */
  | {
      readonly kind: 'accepted';
      readonly entry: RunEntry | undefined;
      readonly revision: number;
      readonly modRevision: number;
      readonly known: KnownCursor;
    }
  /** The cursor moved: others decided, or the job was edited. */
  | { readonly kind: 'cursorMoved'; readonly known: KnownCursor }
  | { readonly kind: 'sessionGone' }
  /** Not final: the lock may be free by now. */
  | { readonly kind: 'lockHeld'; readonly lockRevision: number; readonly holder: LockHolder | undefined }
  /** The lock is not as it was read. Not final. */
  | { readonly kind: 'lockChanged' }
  | { readonly kind: 'holderGone' }
  | { readonly kind: 'definitionChanged' };

/**
 * Reads the answer to a decision that was sent once or many times. "Refused" is looked through first: where the run key
 * stands there under our session, an earlier copy was accepted and only its reply was lost.
 */
export function readAnswer(decision: Decision, result: TransactionResult): Answer {
  if (result.succeeded) {
    return {
      kind: 'accepted',
      entry: decision.entry,
      revision: result.revision,
      modRevision: result.revision,
      known: { cursor: decision.next, revision: result.revision },
    };
  }
  const [cursorEntry, workerEntry, lockEntry, runEntry] = result.results.map((each) =>
    each.kind === 'get' ? each.entry : undefined,
  );
  const known = knownCursor(cursorEntry);
  const mine = runEntry && readRunEntry(runEntry.value);
  if (mine && runEntry && isSameSession(mine, decision.session)) {
    const { createRevision: revision, modRevision } = runEntry;
    return { kind: 'accepted', entry: mine, revision, modRevision, known };
  }
  if (known.revision !== decision.known.revision) return { kind: 'cursorMoved', known };
  if ((workerEntry?.createRevision ?? 0) !== decision.session.sessionRevision) return { kind: 'sessionGone' };
  return readLockAnswer(decision.lock, lockEntry);
}

function readLockAnswer(lock: LockCondition, entry: Entry | undefined): Answer {
  if (lock.kind === 'take' && entry) {
    return { kind: 'lockHeld', lockRevision: entry.modRevision, holder: readLockHolder(entry.value) };
  }
  if (lock.kind === 'heldBy' || lock.kind === 'unchanged') {
    if (entry?.modRevision !== lock.lockRevision) return { kind: 'lockChanged' };
    // Cursor, session and lock are as they were: it was the holder's session or the definition. Asking about the
    // holder again is safe, so take the answer that waits.
    if (lock.kind === 'heldBy') return { kind: 'holderGone' };
  }
  return { kind: 'definitionChanged' };
}

/** A cursor as it was read, absent ones included. */
export function knownCursor(entry: Entry | undefined): KnownCursor {
  if (!entry) return { cursor: undefined, revision: 0 };
  const cursor = readCursor(entry.value);
  const { modRevision: revision } = entry;
  // A job that came into being together with its cursor could not name its own create revision.
  return { cursor: cursor && cursor.generation === 0 ? { ...cursor, generation: revision } : cursor, revision };
}

/** Whether both are the same life of the same worker. */
export function isSameSession(a: SessionRef, b: SessionRef): boolean {
  return a.worker === b.worker && a.session === b.session && a.sessionRevision === b.sessionRevision;
}

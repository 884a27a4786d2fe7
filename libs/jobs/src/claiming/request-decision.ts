import type { Compare, Operation, Transaction, TransactionResult } from '@app/etcd';
import type { Keys } from '../store/keys.js';
import type { RequestEntry } from '../store/request-entry.js';
import {
  type RunEntry,
  readLockHolder,
  readRunEntry,
  type SessionRef,
  writeLockHolder,
  writeRunEntry,
} from '../store/run-entry.js';
import { type Answer, isSameSession, type LockCondition } from './decision.js';

/** What becomes of a request: it is taken as a run, or ends without one (`entry` is finished then). */
export interface RequestDecision {
  readonly request: RequestEntry;
  readonly requestRevision: number;
  /** modRevision of the job; 0: the job is gone. */
  readonly jobRevision: number;
  /** Revision of the job's newest kill, 0 without one, where a newer one may mean the request; undefined: none does. */
  readonly killRevision?: number | undefined;
  readonly entry: RunEntry;
  readonly session: SessionRef;
  readonly lock: LockCondition;
}

/**
 * If the request is as read, the job known, the session ours, no newer kill put (and the lock free), then delete it and
 * put the run.
 */
export function requestTransaction(keys: Keys, decision: RequestDecision): Transaction {
  const { request, session, entry, lock } = decision;
  const { jobName, runId } = request;
  const compare: Compare[] = [
    { key: keys.request(jobName, runId), field: 'modRevision', equals: decision.requestRevision },
    { key: keys.job(jobName), field: 'modRevision', equals: decision.jobRevision },
    { key: keys.worker(session.worker), field: 'createRevision', equals: session.sessionRevision },
  ];
  if (decision.killRevision !== undefined) {
    compare.push({ key: keys.killer(jobName), field: 'modRevision', equals: decision.killRevision });
  }
  const then: Operation[] = [
    { kind: 'delete', key: keys.request(jobName, runId) },
    { kind: 'put', key: keys.run(jobName, runId), value: writeRunEntry(entry) },
  ];
  const otherwise: Operation[] = [
    { kind: 'get', key: keys.request(jobName, runId) },
    { kind: 'get', key: keys.worker(session.worker) },
    { kind: 'get', key: keys.lock(jobName, lock.kind === 'none' ? 0 : lock.slot) },
    { kind: 'get', key: keys.run(jobName, runId) },
    { kind: 'get', key: keys.killer(jobName) },
  ];
  if (lock.kind === 'take') {
    compare.push(keys.jobLocks.isFree(keys.lock(jobName, lock.slot)));
    then.push(keys.jobLocks.take(keys.lock(jobName, lock.slot), writeLockHolder({ ...session, runId })));
  } else if (lock.kind !== 'none') {
    compare.push({ key: keys.lock(jobName, lock.slot), field: 'modRevision', equals: lock.lockRevision });
  }
  return { compare, then, otherwise };
}

/** What the store said. `taken`: the request is gone, another worker has it. */
export type RequestAnswer =
  | Exclude<Answer, { kind: 'cursorMoved' | 'accepted' | 'holderGone' }>
  | RequestTaken
  /** A kill was put, or removed, that was not known when the claim was sent. Not final. */
  | { readonly kind: 'killChanged' }
  | RequestAccepted;

type RequestTaken = { readonly kind: 'taken' };

type RequestAccepted = {
  readonly kind: 'accepted';
  readonly entry: RunEntry;
  readonly revision: number;
  readonly modRevision: number;
};

export function readRequestAnswer(decision: RequestDecision, result: TransactionResult): RequestAnswer {
  if (result.succeeded) {
    return { kind: 'accepted', entry: decision.entry, revision: result.revision, modRevision: result.revision };
  }
  const [request, worker, lock, run, killer] = result.results.map((each) =>
    each.kind === 'get' ? each.entry : undefined,
  );
  const mine = run && readRunEntry(run.value);
  if (mine && run && isSameSession(mine, decision.session)) {
    return { kind: 'accepted', entry: mine, revision: run.createRevision, modRevision: run.modRevision };
  }
  if (request?.modRevision !== decision.requestRevision) return { kind: 'taken' };
  if ((worker?.createRevision ?? 0) !== decision.session.sessionRevision) return { kind: 'sessionGone' };
  if (decision.killRevision !== undefined && (killer?.modRevision ?? 0) !== decision.killRevision) {
    return { kind: 'killChanged' };
  }
  if (decision.lock.kind === 'take' && lock) {
    return { kind: 'lockHeld', lockRevision: lock.modRevision, holder: readLockHolder(lock.value) };
  }
  if (
    decision.lock.kind !== 'none' &&
    decision.lock.kind !== 'take' &&
    lock?.modRevision !== decision.lock.lockRevision
  ) {
    return { kind: 'lockChanged' };
  }
  return { kind: 'definitionChanged' };
}

import type { Compare, Operation, Transaction } from '@app/etcd';
import type { Keys } from '../store/keys.js';
import { type RequestEntry, writeRequest } from '../store/request-entry.js';
import { type RunEntry, type RunResult, type SessionRef, writeLockHolder, writeRunEntry } from '../store/run-entry.js';

/** A run's entry as the store holds it. */
export interface StoredRun {
  readonly entry: RunEntry;
  readonly modRevision: number;
}

/** Puts the entry anew (running, a kill mark) if it is still as known; else reads it. */
export function rewriteTransaction(keys: Keys, run: StoredRun, entry: RunEntry): Transaction {
  const key = keys.run(entry.jobName, entry.runId);
  return {
    compare: [{ key, field: 'modRevision', equals: run.modRevision }],
    then: [{ kind: 'put', key, value: writeRunEntry(entry) }],
    otherwise: [{ kind: 'get', key }],
  };
}

/** Moves a live run, and its lock, to another session of the worker. Refused when it was declared lost. */
export function rebindTransaction(keys: Keys, run: StoredRun, session: SessionRef): Transaction {
  const entry: RunEntry = { ...run.entry, ...session };
  const write = rewriteTransaction(keys, run, entry);
  return {
    compare: [
      ...write.compare,
      { key: keys.worker(session.worker), field: 'createRevision', equals: session.sessionRevision },
    ],
    then: [
      ...write.then,
      ...lockOperations(keys, entry, (key) =>
        keys.jobLocks.take(key, writeLockHolder({ ...session, runId: entry.runId })),
      ),
    ],
    otherwise: [...(write.otherwise ?? []), { kind: 'get', key: keys.worker(session.worker) }],
  };
}

/** How a run ends. */
export interface Finish {
  readonly result: RunResult;
  /** The next attempt, if there is one; then the job must still be there. */
  readonly retry: RequestEntry | undefined;
}

/**
 * Ends a run in one transaction: the result, the lock free, the next attempt put. What stands in etcd carries no
 * output: that is history's.
 */
export function finishTransaction(keys: Keys, run: StoredRun, finish: Finish): Transaction {
  const write = rewriteTransaction(keys, run, finishedEntry(run.entry, finish.result));
  const compare: Compare[] = [...write.compare];
  const then: Operation[] = [...write.then, ...lockOperations(keys, run.entry, (key) => keys.jobLocks.drop(key))];
  if (finish.retry) {
    const { jobName, runId, jobGeneration } = finish.retry;
    compare.push({ key: keys.job(jobName), field: 'createRevision', equals: jobGeneration });
    then.push({ kind: 'put', key: keys.request(jobName, runId), value: writeRequest(finish.retry) });
  }
  return { compare, then, otherwise: write.otherwise ?? [] };
}

/** The entry as it stands once ended. */
export function finishedEntry(entry: RunEntry, result: RunResult): RunEntry {
  const { output: _output, err: _err, ...kept } = result;
  return { ...entry, state: 'finished', result: kept };
}

/** Forgets a run that history has, if nothing changed it since. */
export function forgetTransaction(keys: Keys, run: StoredRun): Transaction {
  const key = keys.run(run.entry.jobName, run.entry.runId);
  return { compare: [{ key, field: 'modRevision', equals: run.modRevision }], then: [{ kind: 'delete', key }] };
}

function lockOperations(keys: Keys, entry: RunEntry, operation: (key: string) => Operation): readonly Operation[] {
  return entry.lockSlot === undefined ? [] : [operation(keys.lock(entry.jobName, entry.lockSlot))];
}

import { type CoordinationStore, listAll } from '@app/etcd';
import type { Clock } from '@app/platform';
import type { Courier } from '../claiming/courier.js';
import { finishedEntry, finishTransaction, type StoredRun } from '../claiming/run-writes.js';
import type { Job } from '../job/job.js';
import { nextAttempt, WORKER_SHUTDOWN } from '../policy/retry.js';
import type { Testimony } from '../running/run-host.js';
import { resultOfEnd } from '../running/run-result.js';
import type { Keys } from '../store/keys.js';
import { type KillMark, type RunResult, readRunEntry } from '../store/run-entry.js';

/** A run of a dead session as the store holds it, and what is known of it. */
export interface Orphan {
  readonly stored: StoredRun;
  /** createRevision of the run's key. */
  readonly fenceRevision: number;
  /** undefined: nobody who could know says anything. */
  readonly testimony: Testimony | undefined;
}

/**
 * Runs of this worker's dead sessions. What is known of a run counts whatever session it names: the store may have bound
 * the run to the next one, and the worker may have died before it could say so. Throws StoreUnavailable.
 */
export async function findOrphans(
  store: CoordinationStore,
  keys: Keys,
  isDead: (session: string, worker: string) => boolean,
  testimonies: readonly Testimony[],
): Promise<readonly Orphan[]> {
  const byRun = new Map(testimonies.map((testimony) => [testimony.runId, testimony]));
  const { entries } = await listAll(store, keys.runs);
  const orphans: Orphan[] = [];
  for (const { key, value, modRevision, createRevision } of entries) {
    const entry = readRunEntry(value);
    if (!entry || key !== keys.run(entry.jobName, entry.runId) || !isDead(entry.session, entry.worker)) continue;
    const testimony = byRun.get(entry.runId);
    orphans.push({ stored: { entry, modRevision }, fenceRevision: createRevision, testimony });
  }
  return orphans;
}

/**
 * What the testimony makes of a run whose worker is dead for sure. undefined: no process of it was ever there, so it may
 * still be started. `kill` stands in the run.
 */
export function resultOfTestimony(
  testimony: Testimony,
  job: Job | undefined,
  kill: KillMark | undefined,
  now: number,
): RunResult | undefined {
  switch (testimony.state) {
    case 'neverStarted':
      return undefined;
    case 'ended':
      if (testimony.end) {
        const result = resultOfEnd(testimony.end, job ?? { successExitCodes: [0] }, kill);
        // Who asks for an end says so in the run first, but for a worker that stops while the store is away.
        return testimony.end.killedFor === 'asked' && !kill ? { ...result, reason: WORKER_SHUTDOWN } : result;
      }
      return { status: 'lost', reason: 'workerDied', endTime: now };
    case 'killed':
    case 'mayHaveStarted': {
      const startTime = testimony.end?.startTime;
      const facts = startTime === undefined ? {} : { startTime };
      return { status: 'lost', reason: 'workerDied', endTime: testimony.end?.endTime ?? now, ...facts };
    }
    default:
      return testimony.state satisfies never;
  }
}

/**
 * Ends a run that nobody runs any more: result, lock and next attempt in one transaction on its revision. Returns the
 * run as it stands then; undefined when somebody else had changed it. Throws NotDelivered.
 */
export async function endOrphan(
  keys: Keys,
  clock: Clock,
  courier: Courier,
  { stored, fenceRevision }: Pick<Orphan, 'stored' | 'fenceRevision'>,
  result: RunResult,
  job: Job | undefined,
  signal: AbortSignal,
): Promise<StoredRun | undefined> {
  const planned = job ? nextAttempt(stored.entry, fenceRevision, result, job, clock.now()) : undefined;
  for (const retry of planned ? [planned, undefined] : [undefined]) {
    const answer = await courier.send(finishTransaction(keys, stored, { result, retry }), signal);
    if (answer.succeeded) return { entry: finishedEntry(stored.entry, result), modRevision: answer.revision };
    const [read] = answer.results;
    const found = read?.kind === 'get' ? read.entry : undefined;
    // Still as it was: then it was the job that is gone, and with it the next attempt.
    if (found?.modRevision !== stored.modRevision) {
      const entry = found && readRunEntry(found.value);
      const isOurs = entry?.state === 'finished' && entry.result?.reason === result.reason;
      return isOurs && found ? { entry, modRevision: found.modRevision } : undefined;
    }
  }
  return undefined;
}

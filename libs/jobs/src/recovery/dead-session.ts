import { type CoordinationStore, listAll } from '@app/etcd';
import type { StoredRun } from '../claiming/run-writes.js';
import type { Job } from '../job/job.js';
import { WORKER_SHUTDOWN } from '../policy/retry.js';
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

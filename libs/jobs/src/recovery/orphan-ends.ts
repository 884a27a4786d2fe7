import type { Clock, Log } from '@app/platform';
import { type Courier, NotDelivered } from '../claiming/courier.js';
import { finishedEntry, finishTransaction, type StoredRun } from '../claiming/run-writes.js';
import type { Job } from '../job/job.js';
import { nextAttempt } from '../policy/retry.js';
import type { Keys } from '../store/keys.js';
import { type RunResult, readRunEntry } from '../store/run-entry.js';
import type { Orphan } from './dead-session.js';

/**
 * Ends runs that nobody runs any more. One whose end the store will never take is told once and left as it stands: it
 * holds up neither the others nor whoever ends them.
 */
export class OrphanEnds {
  private readonly refused = new Set<string>();

  constructor(
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly courier: Courier,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Result, lock and next attempt in one transaction on the run's revision. Returns the run as it stands then; undefined
   * when somebody else had changed it, or the store refuses its end. Throws NotDelivered when it is told to stop.
   */
  async end(
    { stored, fenceRevision }: Pick<Orphan, 'stored' | 'fenceRevision'>,
    result: RunResult,
    job: Job | undefined,
  ): Promise<StoredRun | undefined> {
    const { runId, jobName, worker } = stored.entry;
    const planned = job ? nextAttempt(stored.entry, fenceRevision, result, job, this.clock.now()) : undefined;
    try {
      const after = await this.write(stored, result, planned);
      this.refused.delete(runId);
      return after;
    } catch (error) {
      if (!(error instanceof NotDelivered) || this.signal.aborted) throw error;
      if (!this.refused.has(runId)) {
        this.refused.add(runId);
        this.log.error('A run whose worker is gone cannot be ended', { runId, jobName, worker, error });
      }
      return undefined;
    }
  }

  /** The store would not take its end. */
  isRefused(runId: string): boolean {
    return this.refused.has(runId);
  }

  private async write(
    stored: StoredRun,
    result: RunResult,
    planned: ReturnType<typeof nextAttempt>,
  ): Promise<StoredRun | undefined> {
    for (const retry of planned ? [planned, undefined] : [undefined]) {
      const answer = await this.courier.send(finishTransaction(this.keys, stored, { result, retry }), this.signal);
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
}

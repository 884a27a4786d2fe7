import type { Transaction, TransactionResult } from '@app/etcd';
import { type CancelTimer, type Clock, type Log, pause } from '@app/platform';
import { type Courier, NotDelivered, type WriteKind } from '../claiming/courier.js';
import { isSameSession } from '../claiming/decision.js';
import { finishedEntry, finishTransaction, rebindTransaction, rewriteTransaction } from '../claiming/run-writes.js';
import { nextAttempt } from '../policy/retry.js';
import type { Keys } from '../store/keys.js';
import { type RunEntry, type RunResult, readRunEntry, type SessionRef, writeRunEntry } from '../store/run-entry.js';
import type { LiveRun } from './live-run.js';

/** Ends are collected so long, and longer while many end. */
const COLLECT_MS = 20;
const COLLECT_BUSY_MS = 250;
const BUSY_ENDS_PER_SECOND = 20;
/** The store has no space, or something alike: the end is not lost, it waits. */
const REFUSED_RETRY_MS = 1000;

/**
 * What a write of a run met. `changed`: the entry had changed (a kill mark, which is taken over) or the job was gone;
 * `disowned`: it is ended or gone in the store; `stopped`: the worker ends.
 */
type Written = 'written' | 'changed' | 'disowned' | 'stopped';

/** Writes what becomes of this worker's runs, one write of a run after the other, against the revision it knows. */
export class RunWriter {
  private ends: (() => void)[] = [];
  private cancelTimer: CancelTimer | undefined;
  private recentEnds: number[] = [];

  constructor(
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly courier: Courier,
    private readonly jobIsThere: (jobName: string, generation: number) => boolean,
    /** Whether this is still the worker's session. */
    private readonly isStill: (session: SessionRef) => boolean,
    private readonly stopping: AbortSignal,
  ) {}

  /** Puts the entry as it is known by then. A kill mark that stands in the store is taken over first. */
  rewrite(run: LiveRun): Promise<'written' | 'disowned' | 'stopped'> {
    return this.writeUntilDone(run, () =>
      run.phase === 'ended'
        ? undefined
        : { transaction: rewriteTransaction(this.keys, run.stored, run.entry), entry: run.entry },
    );
  }

  /** Binds the run to the worker's new session. `stopped` also when that session is gone again, or the run has ended. */
  async rebind(run: LiveRun, session: SessionRef): Promise<'bound' | 'disowned' | 'stopped'> {
    const written = await this.write(run, () =>
      isSameSession(run.entry, session) || run.entry.state === 'finished'
        ? undefined
        : { transaction: rebindTransaction(this.keys, run.stored, session), entry: { ...run.entry, ...session } },
    );
    if (written === 'changed') {
      await pause(this.clock, 10, this.stopping);
      return this.isStill(session) ? this.rebind(run, session) : 'stopped';
    }
    if (written !== 'written') return written;
    run.lockRevision = run.modRevision;
    return 'bound';
  }

  /** Ends the run in the store, collected with others that end in the same moment. */
  async finish(run: LiveRun, result: RunResult): Promise<'written' | 'disowned' | 'stopped'> {
    await this.collect();
    return this.writeUntilDone(run, () => {
      const { job } = run.definition;
      const { jobName, jobGeneration } = run.entry;
      const retry =
        job && this.jobIsThere(jobName, jobGeneration)
          ? nextAttempt(run.entry, run.fenceRevision, result, job, this.clock.now())
          : undefined;
      const transaction = finishTransaction(this.keys, run.stored, { result, retry });
      return { transaction, entry: finishedEntry(run.entry, result), kind: 'finishes' };
    });
  }

  /** Sends collected ends now: somebody waits for a lock. */
  hurry(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    for (const send of this.ends.splice(0)) send();
  }

  private collect(): Promise<void> {
    const now = this.clock.monotonic();
    this.recentEnds = this.recentEnds.filter((at) => now - at < 1000);
    this.recentEnds.push(now);
    return new Promise((resolve) => {
      this.ends.push(resolve);
      const delay = this.recentEnds.length > BUSY_ENDS_PER_SECOND ? COLLECT_BUSY_MS : COLLECT_MS;
      this.cancelTimer ??= this.clock.timer(delay, () => this.hurry());
    });
  }

  private async writeUntilDone(run: LiveRun, plan: PlanWrite): Promise<'written' | 'disowned' | 'stopped'> {
    for (;;) {
      const written = await this.write(run, plan);
      if (written !== 'changed') return written;
      await pause(this.clock, 10, this.stopping);
    }
  }

  private write(run: LiveRun, plan: PlanWrite): Promise<Written> {
    return run.inTurn(async () => {
      if (run.isDisowned) return 'disowned';
      const planned = plan();
      if (!planned) return 'written';
      try {
        const result = await this.courier.send(planned.transaction, this.stopping, planned.kind);
        return this.take(run, planned.entry, result);
      } catch (error) {
        if (!(error instanceof NotDelivered)) throw error;
        if (this.stopping.aborted) return 'stopped';
        this.log.error('A run could not be written, trying again', { runId: run.id, error });
        await pause(this.clock, REFUSED_RETRY_MS, this.stopping);
        return 'changed';
      }
    });
  }

  private take(run: LiveRun, planned: RunEntry, result: TransactionResult): Written {
    if (result.succeeded) {
      run.written(planned, result.revision);
      return 'written';
    }
    const [read] = result.results;
    const found = read?.kind === 'get' ? read.entry : undefined;
    const entry = found && readRunEntry(found.value);
    if (!found || !entry) return 'disowned';
    // An earlier copy was accepted and only its reply was lost.
    if (found.value.toString('utf8') === writeRunEntry(planned)) {
      run.written(planned, found.modRevision);
      return 'written';
    }
    if (entry.state === 'finished') return 'disowned';
    run.modRevision = found.modRevision;
    if (entry.kill && !run.kill) run.note({ kill: entry.kill });
    return 'changed';
  }
}

type PlanWrite = () =>
  | { readonly transaction: Transaction; readonly entry: RunEntry; readonly kind?: WriteKind }
  | undefined;

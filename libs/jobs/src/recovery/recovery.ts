import type { CoordinationStore } from '@app/etcd';
import type { Clock, Log } from '@app/platform';
import { type Courier, NotDelivered } from '../claiming/courier.js';
import { rebindTransaction, type StoredRun } from '../claiming/run-writes.js';
import type { Delivery } from '../delivery/delivery.js';
import { runsOfEntry } from '../delivery/runs-of-entry.js';
import type { JobDefinition } from '../registry/job-definition.js';
import type { JobRegistry } from '../registry/job-registry.js';
import { isFire } from '../run/run.js';
import type { Testimony } from '../running/run-host.js';
import type { RunKeeper } from '../running/run-keeper.js';
import type { Keys } from '../store/keys.js';
import type { RunEntry, SessionRef } from '../store/run-entry.js';
import { findOrphans, type Orphan, resultOfTestimony } from './dead-session.js';
import { OrphanEnds } from './orphan-ends.js';

/** What a journal proves about the sessions it names. */
export interface EarlierLives {
  readonly runs: readonly Testimony[];
  /** Sessions of which every started run is among `runs` or settled: one that is absent was never started. */
  readonly sessions: readonly string[];
  /** No process of them is alive any more. */
  readonly proven: boolean;
}

/** What recovery needs from the rest of the worker. */
export interface RecoverySurroundings {
  readonly store: CoordinationStore;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
  readonly workerId: string;
  readonly courier: Courier;
  readonly delivery: Delivery;
  readonly registry: JobRegistry;
  readonly keeper: RunKeeper;
  readonly signal: AbortSignal;
  /** The session as the store knows it. */
  session(): SessionRef | undefined;
}

/** Takes over, or ends, runs that are this worker's in the store and that it does not know. */
export class Recovery {
  private readonly ends: OrphanEnds;

  constructor(private readonly around: RecoverySurroundings) {
    const { keys, clock, log, courier, signal } = around;
    this.ends = new OrphanEnds(keys, clock, log, courier, signal);
  }

  /**
   * A run of ours that we did not know: bound to our session by a write that only one can make, then the keeper's, to
   * start or to end. One that nobody ends would hold its lock for as long as our session lives.
   */
  async adopt(stored: StoredRun, fenceRevision: number): Promise<void> {
    const { keys, clock } = this.around;
    const { entry } = stored;
    const session = this.around.session();
    const definition = this.around.registry.get(entry.jobName);
    if (!session) return;
    const notStarted = { status: 'missed', reason: 'notStarted', endTime: clock.now() } as const;
    try {
      if (!definition?.job || definition.createRevision !== entry.jobGeneration || isPausedSince(entry, definition)) {
        const after = await this.ends.end({ stored, fenceRevision }, notStarted, undefined);
        if (after) this.around.delivery.deliver(after, runsOfEntry(after.entry));
        return;
      }
      const answer = await this.around.courier.send(rebindTransaction(keys, stored, session), this.around.signal);
      // Another write of it came first: while it was looked for it may well have ended.
      if (!answer.succeeded || this.around.keeper.knows(entry.runId)) return;
      this.around.log.warn('Took over a run of ours that we did not know', {
        runId: entry.runId,
        jobName: entry.jobName,
      });
      const known: StoredRun = { entry: { ...entry, ...session }, modRevision: answer.revision };
      this.around.keeper.takeUnstarted(known, fenceRevision, definition);
    } catch (error) {
      if (!(error instanceof NotDelivered)) throw error;
    }
  }

  /**
   * Ends, or starts late, what an earlier life of this worker left, as far as its journal proves anything. Returns the
   * runs of which nobody will ask the journal any more. Throws StoreUnavailable, and NotDelivered when it is to stop.
   */
  async recover(earlier: EarlierLives): Promise<readonly string[]> {
    if (!earlier.proven) return [];
    if (earlier.sessions.length > 0) await this.recoverAll(earlier);
    // What was started again settles itself when it ends.
    const isOpen = (runId: string): boolean => this.around.keeper.knows(runId) || this.ends.isRefused(runId);
    return earlier.runs.map(({ runId }) => runId).filter((runId) => !isOpen(runId));
  }

  private async recoverAll(earlier: EarlierLives): Promise<void> {
    const { store, keys, workerId } = this.around;
    const told = new Set(earlier.sessions);
    const own = this.around.session();
    const isDead = (session: string, worker: string): boolean =>
      worker === workerId && session !== own?.session && told.has(session);
    const orphans = await findOrphans(store, keys, isDead, earlier.runs);
    // What becomes of those that have not ended is for their jobs to say.
    if (orphans.some(({ stored }) => stored.entry.state !== 'finished')) await this.around.registry.start();
    await Promise.all(orphans.map((orphan) => this.recoverOne(orphan)));
  }

  private async recoverOne({ stored, fenceRevision, testimony }: Orphan): Promise<void> {
    const { entry } = stored;
    if (entry.state === 'finished') {
      this.around.delivery.deliver(stored, runsOfEntry(entry));
      return;
    }
    const definition = this.around.registry.get(entry.jobName);
    const job = definition?.createRevision === entry.jobGeneration ? definition.job : undefined;
    // A run that the journal of its session does not name was never started.
    const result = testimony && resultOfTestimony(testimony, job, entry.kill, this.around.clock.now());
    if (!result) {
      await this.adopt(stored, fenceRevision);
      return;
    }
    const after = await this.ends.end({ stored, fenceRevision }, result, job);
    if (after) this.around.delivery.deliver(after, runsOfEntry({ ...after.entry, result }));
  }
}

/** A fire was claimed before its job was paused. */
function isPausedSince({ trigger, jobRevision }: RunEntry, { revision, schedule }: JobDefinition): boolean {
  return isFire(trigger) && jobRevision !== revision && schedule === undefined;
}

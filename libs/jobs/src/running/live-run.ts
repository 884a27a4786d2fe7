import type { StoredRun } from '../claiming/run-writes.js';
import type { JobDefinition } from '../registry/job-definition.js';
import type { KillMark, RunEntry, RunResult } from '../store/run-entry.js';

/** A run this worker owns, from the accepted claim to the acknowledged end. */
export class LiveRun {
  phase: 'claimed' | 'running' | 'ended' = 'claimed';
  /** How it ended, once it has. */
  result: RunResult | undefined;
  /** Fencing token it was started with. */
  fence: string | undefined;
  /** A lock was in its way when it was due: its lateness is that of the run before it. */
  hasWaited = false;
  /** It was declared lost behind our back: what comes now corrects the record only. */
  isDisowned = false;
  /** What we know of it: what stands in the store and what we are about to put there. */
  entry: RunEntry;
  /** modRevision of its key, as last acknowledged. */
  modRevision: number;
  /** modRevision of its lock's key, if it holds one: the transaction that took or bound the run put both. */
  lockRevision: number;
  private writes: Promise<unknown> = Promise.resolve();

  constructor(
    stored: StoredRun,
    /** createRevision of the run's key. */
    readonly fenceRevision: number,
    readonly definition: JobDefinition,
  ) {
    this.entry = stored.entry;
    this.modRevision = stored.modRevision;
    this.lockRevision = stored.modRevision;
  }

  get id(): string {
    return this.entry.runId;
  }

  get kill(): KillMark | undefined {
    return this.entry.kill;
  }

  get stored(): StoredRun {
    return { entry: this.entry, modRevision: this.modRevision };
  }

  /** Notes what is known on our side; the next write carries it. */
  note(facts: Partial<Pick<RunEntry, 'pid' | 'startTime' | 'kill' | 'state'>>): void {
    this.entry = { ...this.entry, ...facts };
  }

  /** The store has this entry now. What was noted while it was on its way stays. */
  written(entry: RunEntry, modRevision: number): void {
    const { pid, startTime, kill, state } = this.entry;
    this.entry = {
      ...entry,
      ...(entry.state === 'claimed' ? { state } : {}),
      ...(pid === undefined ? {} : { pid }),
      ...(startTime === undefined ? {} : { startTime }),
      ...(kill === undefined ? {} : { kill }),
    };
    this.modRevision = modRevision;
  }

  /** Runs one write of the entry after the other: each compares the revision the one before it made. */
  inTurn<T>(write: () => Promise<T>): Promise<T> {
    const next = this.writes.then(write);
    this.writes = next.catch(() => undefined);
    return next;
  }
}

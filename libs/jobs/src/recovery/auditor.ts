import { type CoordinationStore, listAll } from '@app/etcd';
import { type CancelTimer, type Clock, type Log, mayPass } from '@app/platform';
import type { StoredRun } from '../claiming/run-writes.js';
import type { Keys } from '../store/keys.js';
import { type KillMark, type RunEntry, readRunEntry, type SessionRef } from '../store/run-entry.js';

const AUDIT_EVERY_MS = 15_000;

/** What the auditor needs from the rest of the worker. */
export interface AuditorSurroundings {
  current(): SessionRef | undefined;
  knows(runId: string): boolean;
  /** A run of ours is marked as killed. It is told with every audit until the run has ended. */
  killed(runId: string, mark: KillMark): void;
  /** A claim of this job, or of this request, is on its way: its answer will say whose the run is. */
  isInFlight(entry: RunEntry): boolean;
  /** A run of our session that we know nothing of, unless it has ended since the list was read. */
  adopt(stranger: StoredRun, fenceRevision: number): void;
}

/** Every 15 s compares the runs of this worker's session in the store with those it knows, and carries out their kills. */
export class Auditor {
  private cancelTimer: CancelTimer | undefined;
  private isRunning = false;

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly around: AuditorSurroundings,
  ) {}

  start(): void {
    this.isRunning = true;
    this.plan();
  }

  stop(): void {
    this.isRunning = false;
    this.cancelTimer?.();
  }

  /** One audit. Throws StoreUnavailable. */
  async audit(): Promise<void> {
    const session = this.around.current();
    if (!session) return;
    const { entries } = await listAll(this.store, this.keys.runs);
    for (const { value, modRevision, createRevision } of entries) {
      const entry = readRunEntry(value);
      if (!entry || entry.state === 'finished' || entry.session !== session.session) continue;
      if (this.around.knows(entry.runId)) {
        // The order may never have been heard: one key holds the last order of a job, and a broken watch shows no other.
        if (entry.kill) this.around.killed(entry.runId, entry.kill);
        continue;
      }
      if (this.around.isInFlight(entry)) continue;
      this.around.adopt({ entry, modRevision }, createRevision);
    }
  }

  private plan(): void {
    if (!this.isRunning) return;
    this.cancelTimer = this.clock.timer(AUDIT_EVERY_MS, () => {
      void this.audit()
        .catch((error: unknown) => {
          // A list of many pages may be compacted away under it: the next audit reads anew.
          if (!mayPass(error)) throw error;
          this.log.warn('The audit waits for the store', { error });
        })
        .finally(() => this.plan());
    });
  }
}

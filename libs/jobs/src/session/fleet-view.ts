import type { KeyChange } from '@app/etcd';
import type { Job } from '../job/job.js';
import { type Demands, isEligible, isWell, rankWorkers } from '../policy/rank.js';
import { below, type Keys } from '../store/keys.js';
import { type KnownWorker, readPresence } from '../store/presence.js';

/** The workers as this process sees them, and who tries first for a job. */
export class FleetView {
  private readonly byId = new Map<string, KnownWorker>();
  private list: readonly KnownWorker[] = [];
  /** Up to this instant of the wall clock the order depends on the fire, not only on the job. */
  private unsettledUntil = 0;
  /** Changes whenever an order may have changed. */
  version = 0;

  constructor(private readonly keys: Keys) {}

  /** Takes over what the mirror of `workers/` says. */
  apply(changes: readonly KeyChange[]): void {
    for (const { key, entry } of changes) {
      const id = below(this.keys.workers, key);
      const presence = entry && readPresence(entry.value);
      if (entry && presence && presence.id === id) {
        this.byId.set(id, { ...presence, session: entry.lease ?? '', sessionRevision: entry.createRevision });
      } else {
        this.byId.delete(id);
      }
    }
    this.list = [...this.byId.values()];
    this.unsettledUntil = Math.max(
      0,
      ...this.list.map((worker) => (worker.drainFrom === undefined ? worker.eligibleFrom : Infinity)),
    );
    this.version++;
  }

  get workers(): readonly KnownWorker[] {
    return this.list;
  }

  get(id: string): KnownWorker | undefined {
    return this.byId.get(id);
  }

  /** Whether one order holds for all fires after this instant. */
  isSettledAt(scheduledTime: number): boolean {
    return scheduledTime > this.unsettledUntil;
  }

  /** Place of the worker among those that try for the fire, 0 for the first; -1 when it may not. */
  rankOf(workerId: string, job: Demands & Pick<Job, 'name'>, scheduledTime: number): number {
    return rankWorkers(this.list, job, scheduledTime).findIndex((worker) => worker.id === workerId);
  }

  /** Whether any worker would take a fire of this job now. */
  hasEligible(job: Demands): boolean {
    return this.list.some((worker) => isEligible(worker, job) && isWell(worker) && worker.drainFrom === undefined);
  }
}

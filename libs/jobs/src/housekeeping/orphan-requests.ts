import { type CoordinationStore, listAll } from '@app/etcd';
import type { Clock } from '@app/platform';
import { requestTransaction } from '../claiming/request-decision.js';
import type { Delivery } from '../delivery/delivery.js';
import { runsOfEntry } from '../delivery/runs-of-entry.js';
import type { JobRegistry } from '../registry/job-registry.js';
import { entryOfRequest } from '../requests/entry-of-request.js';
import type { FleetView } from '../session/fleet-view.js';
import type { Keys } from '../store/keys.js';
import { type RequestEntry, readRequest } from '../store/request-entry.js';
import type { RunResult, SessionRef } from '../store/run-entry.js';

const DEFAULT_DEADLINE_SECONDS = 60;

/** Requests that no worker may take, seen so for the job's starting deadline: ended as missed or cancelled. */
export class OrphanRequests {
  private readonly aloneSince = new Map<string, number>();

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
    private readonly fleet: FleetView,
    private readonly delivery: Delivery,
    private readonly self: SessionRef,
  ) {}

  reset(): void {
    this.aloneSince.clear();
  }

  async look(): Promise<void> {
    const { entries } = await listAll(this.store, this.keys.requests);
    const now = this.clock.monotonic();
    const seen = new Set<string>();
    for (const { key, value, modRevision } of entries) {
      const request = readRequest(value);
      if (!request || request.notBefore > this.clock.now() || this.canBeTaken(request)) continue;
      seen.add(key);
      const since = this.aloneSince.get(key) ?? now;
      this.aloneSince.set(key, since);
      const deadline = this.registry.get(request.jobName)?.job?.startingDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS;
      if (now - since >= deadline * 1000) await this.end(request, modRevision);
    }
    for (const key of this.aloneSince.keys()) if (!seen.has(key)) this.aloneSince.delete(key);
  }

  private canBeTaken(request: RequestEntry): boolean {
    const job = this.registry.get(request.jobName)?.job;
    if (request.worker !== undefined) return this.fleet.get(request.worker) !== undefined;
    // Without a job any worker may cancel it.
    return job ? this.fleet.hasEligible(job) : this.fleet.workers.length > 0;
  }

  private async end(request: RequestEntry, requestRevision: number): Promise<void> {
    const definition = this.registry.get(request.jobName);
    const isThere = definition?.createRevision === request.jobGeneration;
    const result: RunResult = isThere
      ? { status: 'missed', reason: 'noEligibleWorker' }
      : { status: 'cancelled', reason: 'jobDeleted' };
    const jobRevision = definition?.revision ?? 0;
    const entry = entryOfRequest(request, { session: this.self, now: this.clock.now(), jobRevision, result });
    const whole = { request, requestRevision, jobRevision, entry, session: this.self, lock: { kind: 'none' } as const };
    const transaction = requestTransaction(this.keys, whole);
    const workerKey = this.keys.worker(this.self.worker);
    const compare = transaction.compare.filter(({ key }) => key !== workerKey);
    const [settled] = await this.store.transactAll([{ ...transaction, compare }]);
    if (settled?.ok && settled.result.succeeded) {
      this.delivery.deliver({ entry, modRevision: settled.result.revision }, runsOfEntry(entry));
    }
  }
}

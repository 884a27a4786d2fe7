import type { Clock, Log } from '@app/platform';
import type { Courier } from '../claiming/courier.js';
import type { Delivery } from '../delivery/delivery.js';
import { runsOfEntry } from '../delivery/runs-of-entry.js';
import { OrphanEnds } from '../recovery/orphan-ends.js';
import type { JobRegistry } from '../registry/job-registry.js';
import type { Keys } from '../store/keys.js';
import type { Census, CountedRun } from './census.js';

/** For a run of an earlier version whose job is gone. */
const DEFAULT_LOST_AFTER_SECONDS = 60;
/** Ended runs of an absent session are recorded by us after so long: its own worker had its time. */
const DELIVER_AFTER_MS = 5000;

/**
 * Runs whose session is gone: declared lost after the `lostAfterSeconds` they were claimed under, counted from when we
 * first saw the session absent, in the transaction that frees the lock. What had ended but was not recorded is recorded.
 */
export class LostRuns {
  /** Session -> monotonic time at which we first saw it absent. */
  private readonly absentSince = new Map<string, number>();
  private readonly busy = new Set<string>();
  private readonly ends: OrphanEnds;

  constructor(
    keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    courier: Courier,
    private readonly registry: JobRegistry,
    private readonly delivery: Delivery,
    signal: AbortSignal,
  ) {
    this.ends = new OrphanEnds(keys, clock, log, courier, signal);
  }

  /** Forgets what was seen: before another term, or after a time in which nothing could be seen. */
  reset(): void {
    this.absentSince.clear();
  }

  async look(census: Census): Promise<void> {
    const now = this.clock.monotonic();
    const absent = new Set<string>();
    const ended: Promise<void>[] = [];
    for (const [id, run] of census.runs) {
      const { session } = run.entry;
      if (census.sessions.has(session)) continue;
      absent.add(session);
      const since = this.absentSince.get(session) ?? now;
      this.absentSince.set(session, since);
      if (!this.busy.has(id)) ended.push(this.consider(id, run, now - since));
    }
    for (const session of this.absentSince.keys()) if (!absent.has(session)) this.absentSince.delete(session);
    await Promise.all(ended);
  }

  private async consider(id: string, run: CountedRun, absentMs: number): Promise<void> {
    const { entry } = run;
    if (entry.state === 'finished') {
      if (absentMs < DELIVER_AFTER_MS) return;
      this.busy.add(id);
      this.delivery.deliver(run, runsOfEntry(entry), () => this.busy.delete(id));
      return;
    }
    const definition = this.registry.get(entry.jobName);
    const job = definition?.createRevision === entry.jobGeneration ? definition.job : undefined;
    const lostAfterSeconds = entry.lostAfterSeconds ?? job?.lostAfterSeconds ?? DEFAULT_LOST_AFTER_SECONDS;
    if (absentMs < lostAfterSeconds * 1000) return;
    const startTime = entry.startTime === undefined ? {} : { startTime: entry.startTime };
    const result = { status: 'lost', reason: 'workerVanished', endTime: this.clock.now(), ...startTime } as const;
    const after = await this.ends.end({ stored: run, fenceRevision: run.createRevision }, result, job);
    if (!after) return;
    this.log.warn('A run was lost: its worker vanished', {
      runId: entry.runId,
      jobName: entry.jobName,
      worker: entry.worker,
    });
    this.busy.add(id);
    this.delivery.deliver(after, runsOfEntry(after.entry), () => this.busy.delete(id));
  }
}

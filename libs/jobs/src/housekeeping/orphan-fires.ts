import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CoordinationStore, Settled, Transaction } from '@app/etcd';
import type { Clock, Log } from '@app/platform';
import { knownCursor } from '../claiming/decision.js';
import type { Delivery } from '../delivery/delivery.js';
import { runsOfEntry } from '../delivery/runs-of-entry.js';
import { hasRunsLeft } from '../job/schedule-of.js';
import { stretch } from '../policy/misfire.js';
import { isSameSchedule, type JobDefinition } from '../registry/job-definition.js';
import type { JobRegistry } from '../registry/job-registry.js';
import type { JobTerms } from '../registry/job-terms.js';
import { adoption, leftUndecided, missEntry } from '../scheduling/entries.js';
import type { FleetView } from '../session/fleet-view.js';
import { type Cursor, isAdopted, writeCursor } from '../store/cursor.js';
import type { Keys } from '../store/keys.js';
import { type RunEntry, type SessionRef, writeRunEntry } from '../store/run-entry.js';

const JOBS_PER_READ = 100;
/** Jobs that are looked at in one go. */
const SLICE = 5_000;

/** A job that we see no eligible worker for. */
interface Alone {
  /** Since when, on the monotonic clock. */
  readonly since: number;
  /** What of it is adopted, as far as we know. */
  adopted?: JobDefinition;
}

/**
 * Fires that no worker may take: decided as `missed: noEligibleWorker`, but only after we have ourselves, with the store
 * up, seen no eligible worker for the job's starting deadline. A worker that comes later finds a fresh cursor. What
 * another client put is adopted at once: that worker would only know it from its own start on.
 */
export class OrphanFires {
  private readonly alone = new Map<string, Alone>();

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly registry: JobRegistry,
    private readonly fleet: FleetView,
    private readonly delivery: Delivery,
    /** Who decides, for the record: this process, without a lease of its own. */
    private readonly self: SessionRef,
  ) {}

  reset(): void {
    this.alone.clear();
  }

  async look(): Promise<void> {
    const now = this.clock.monotonic();
    const due: JobDefinition[] = [];
    // Most jobs have the same terms.
    const eligible = new Map<JobTerms, boolean>();
    let looked = 0;
    for (const definition of this.registry.all()) {
      if (++looked % SLICE === 0) await nextTurn();
      const { terms, name } = definition;
      if (!terms?.isScheduled || this.hasEligible(terms, eligible)) {
        if (this.alone.size > 0) this.alone.delete(name);
        continue;
      }
      const alone = this.alone.get(name) ?? { since: now };
      this.alone.set(name, alone);
      const isKnown = alone.adopted !== undefined && isSameSchedule(alone.adopted, definition);
      if (!isKnown || now - alone.since >= terms.startingDeadlineSeconds * 1000) due.push(definition);
    }
    for (const name of this.alone.keys()) {
      if (++looked % SLICE === 0) await nextTurn();
      if (!this.registry.get(name)) this.alone.delete(name);
    }
    for (let start = 0; start < due.length; start += JOBS_PER_READ)
      await this.decide(due.slice(start, start + JOBS_PER_READ));
  }

  private hasEligible(terms: JobTerms, known: Map<JobTerms, boolean>): boolean {
    const answer = known.get(terms) ?? this.fleet.hasEligible(terms);
    known.set(terms, answer);
    return answer;
  }

  private async decide(jobs: readonly JobDefinition[]): Promise<void> {
    const [read] = await this.store.transactAll([
      { compare: [], then: jobs.map(({ name }) => ({ kind: 'get', key: this.keys.cursor(name) })) },
    ]);
    if (!read?.ok) return;
    const decisions = jobs.flatMap((definition, index) => {
      const result = read.result.results[index];
      return this.plan(definition, knownCursor(result?.kind === 'get' ? result.entry : undefined)) ?? [];
    });
    const settled = await this.store.transactAll(decisions.map(({ transaction }) => transaction));
    for (const [index, { entry }] of decisions.entries()) {
      const answer: Settled | undefined = settled[index];
      if (!answer?.ok || !answer.result.succeeded || !entry) continue;
      if (entry.result?.status === 'missed') {
        const group = this.registry.get(entry.jobName)?.job?.group;
        this.log.warn('No worker may run this job', { jobName: entry.jobName, group });
      }
      this.delivery.deliver({ entry, modRevision: answer.result.revision }, runsOfEntry(entry));
    }
  }

  private plan(
    definition: JobDefinition,
    known: { readonly cursor: Cursor | undefined; readonly revision: number },
  ): { transaction: Transaction; entry: RunEntry | undefined } | undefined {
    const { job, schedule, name } = definition;
    if (!job) return undefined;
    const { cursor } = known;
    const now = this.clock.now();
    const alone = this.alone.get(name);
    if (!isAdopted(cursor, definition)) {
      const [earlier, since] = [this.registry.earlierOf(name), this.registry.knownSince(name)];
      const { next, entry } = adoption(definition, earlier, cursor, since, this.self);
      return { transaction: moveCursor(this.keys, name, definition.revision, known.revision, next, entry), entry };
    }
    if (alone) alone.adopted = definition;
    if (!alone || this.clock.monotonic() - alone.since < job.startingDeadlineSeconds * 1000) return undefined;
    if (!schedule || !hasRunsLeft(job, cursor.runs)) return undefined;
    // Older than the deadline: younger ones may still find a worker.
    const until = now - job.startingDeadlineSeconds * 1000 - job.jitterSeconds * 1000;
    const [left] = stretch(schedule, cursor.at, until, 'noEligibleWorker');
    if (!left) return undefined;
    const base = { definition, cursor, session: this.self, at: left.to, now };
    const entry = missEntry(base, stretch(schedule, cursor.at, left.to - 1, 'noEligibleWorker'), 'noEligibleWorker');
    const next = { ...cursor, at: left.to };
    return { transaction: moveCursor(this.keys, name, definition.revision, known.revision, next, entry), entry };
  }
}

/** Marks the cursor of a job that another client deleted, so that it cannot fire an old time when it comes again. */
export function retireCursor(
  keys: Keys,
  name: string,
  known: { readonly cursor: Cursor; readonly revision: number },
  previous: JobDefinition | undefined,
  now: number,
  self: SessionRef,
): { readonly transaction: Transaction; readonly entry: RunEntry | undefined } {
  const { cursor, revision } = known;
  const isOfCursor = previous?.createRevision === cursor.generation && previous.fingerprint === cursor.fingerprint;
  const entry = isOfCursor ? leftUndecided(previous, cursor, self, now, 'deleted') : undefined;
  const next: Cursor = { ...cursor, at: Math.max(cursor.at, now), deleted: true };
  return { entry, transaction: moveCursor(keys, name, 0, revision, next, entry) };
}

/** If job and cursor are as read (`jobRevision` 0: the job is gone), then move the cursor and put what was decided. */
function moveCursor(
  keys: Keys,
  name: string,
  jobRevision: number,
  cursorRevision: number,
  next: Cursor,
  entry: RunEntry | undefined,
): Transaction {
  return {
    compare: [
      { key: keys.cursor(name), field: 'modRevision', equals: cursorRevision },
      { key: keys.job(name), field: 'modRevision', equals: jobRevision },
    ],
    then: [
      { kind: 'put', key: keys.cursor(name), value: writeCursor(next) },
      ...(entry ? [{ kind: 'put', key: keys.run(name, entry.runId), value: writeRunEntry(entry) } as const] : []),
    ],
  };
}

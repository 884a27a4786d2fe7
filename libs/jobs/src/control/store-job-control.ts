import type { CoordinationStore } from '@app/etcd';
import { type Clock, type Log, NotFound } from '@app/platform';
import { knownCursor } from '../claiming/decision.js';
import type { JobRegistry } from '../registry/job-registry.js';
import { isCursorOf } from '../store/cursor.js';
import type { Keys } from '../store/keys.js';
import { pauseOf } from './edit-note-of.js';
import type { ReadJob } from './edit-plan.js';
import type {
  Actor,
  Backfill,
  JobControl,
  JobPage,
  JobQuery,
  JobVersion,
  RunRequest,
  StoredJob,
} from './job-control.js';
import { JobEditor } from './job-editor.js';
import { JobList, storedJob } from './job-list.js';
import { RunOrders } from './run-orders.js';

export interface JobControlOptions {
  readonly store: CoordinationStore;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
  readonly registry: JobRegistry;
  /** Id of this master, named in the decisions an edit leaves behind. */
  readonly id: string;
  readonly isClockGood: () => boolean;
  readonly isRecorded: (runId: string) => Promise<boolean>;
}

/** A list does not wait longer for what it can do without, in milliseconds. */
const COUNT_MS = 1_000;

/** JobControl on the coordination store. */
export class StoreJobControl implements JobControl {
  private readonly editor: JobEditor;
  private readonly orders: RunOrders;
  private readonly jobs: JobList;

  constructor(private readonly options: JobControlOptions) {
    const { store, keys, clock, log, registry, id, isClockGood, isRecorded } = options;
    const self = { worker: id, session: '', sessionRevision: 0 };
    this.editor = new JobEditor(store, keys, clock, self, isClockGood, log, registry);
    this.orders = new RunOrders(store, keys, clock, self, isClockGood, isRecorded);
    this.jobs = new JobList(registry, clock);
  }

  async get(name: string): Promise<StoredJob> {
    return stored(await this.editor.read(name));
  }

  async list(query: JobQuery): Promise<JobPage> {
    const page = this.jobs.list(query);
    return { ...page, items: await this.withRunCounts(page.items) };
  }

  /** Only the number of its runs tells whether a job with a highest one fires still; where the store is away, nobody. */
  async withRunCounts(jobs: readonly StoredJob[]): Promise<readonly StoredJob[]> {
    const { store, keys } = this.options;
    const limited = jobs.filter(({ parsed }) => parsed.ok && parsed.job.maxRuns !== undefined);
    if (limited.length === 0) return jobs;
    const reads = limited.map(({ name }) => ({
      compare: [],
      then: [{ kind: 'get', key: keys.cursor(name) } as const],
    }));
    const settled = await store.transactAll(reads, { deadlineMs: COUNT_MS });
    const runs = new Map<StoredJob, Pick<StoredJob, 'runCount' | 'decidedUntil'>>();
    for (const [index, job] of limited.entries()) {
      const answer = settled[index];
      const [found] = answer?.ok ? answer.result.results : [];
      const cursor = found?.kind === 'get' ? knownCursor(found.entry).cursor : undefined;
      if (isCursorOf(cursor, job)) runs.set(job, { runCount: cursor.runs, decidedUntil: cursor.at });
    }
    return jobs.map((job) => (runs.has(job) ? { ...job, ...runs.get(job) } : job));
  }

  async create(document: unknown, actor: Actor): Promise<StoredJob> {
    return stored(await this.editor.create(document, actor));
  }

  async replace(name: string, document: unknown, actor: Actor, ifRevision?: number) {
    const { read, created } = await this.editor.replace(name, document, actor, ifRevision);
    return { job: stored(read), created };
  }

  async patch(name: string, patch: unknown, actor: Actor, ifRevision?: number): Promise<StoredJob> {
    return stored(await this.editor.patch(name, patch, actor, ifRevision));
  }

  remove(name: string, actor: Actor, ifRevision?: number): Promise<void> {
    return this.editor.remove(name, actor, ifRevision);
  }

  async pause(name: string, options: { reason?: string; until?: number }, actor: Actor): Promise<StoredJob> {
    const patch = {
      paused: true,
      pausedReason: options.reason ?? null,
      pausedUntil: options.until === undefined ? null : new Date(options.until).toISOString(),
    };
    return this.patch(name, patch, actor);
  }

  async resume(name: string, actor: Actor): Promise<StoredJob> {
    return this.patch(name, { paused: null, pausedReason: null, pausedUntil: null }, actor);
  }

  versions(name: string): Promise<readonly JobVersion[]> {
    return this.editor.versions(name);
  }

  async restore(name: string, revision: number, actor: Actor): Promise<StoredJob> {
    const version = (await this.editor.versions(name)).find((each) => each.revision === revision);
    if (!version) throw new NotFound('version', `${name}@${revision}`);
    return (await this.replace(name, version.document, actor)).job;
  }

  resetCursor(name: string, to: number, _actor: Actor): Promise<void> {
    return this.editor.resetCursor(name, to);
  }

  async requestRun(name: string, request: RunRequest, actor: Actor): Promise<{ runId: string }> {
    return this.orders.request(await this.editor.read(name), request, actor);
  }

  async backfill(name: string, range: Backfill, actor: Actor): Promise<{ runIds: readonly string[] }> {
    return this.orders.backfill(await this.editor.read(name), range, actor);
  }

  async killJob(name: string, { reason }: { reason?: string }, actor: Actor): Promise<{ runIds: readonly string[] }> {
    await this.editor.read(name);
    return this.orders.killJob(name, reason, actor);
  }

  killRun(runId: string, { reason }: { reason?: string }, actor: Actor): Promise<void> {
    return this.orders.killRun(runId, reason, actor);
  }

  cancelRun(runId: string, actor: Actor): Promise<void> {
    return this.orders.cancel(runId, actor);
  }
}

function stored(read: ReadJob): StoredJob {
  const { name, definition, cursor, edit } = read;
  if (!definition) throw new NotFound('job', name);
  const pause = pauseOf(read);
  const job = {
    ...storedJob(definition),
    ...(edit && { edited: { by: edit.by, at: edit.at } }),
    ...(pause && { pause }),
  };
  const isOfJob = cursor !== undefined && cursor.generation === definition.createRevision;
  if (!isOfJob) return job;
  const { at: decidedUntil, runs: runCount, since } = cursor;
  const isOfSchedule = since !== undefined && cursor.fingerprint === definition.fingerprint;
  return { ...job, decidedUntil, runCount, ...(isOfSchedule ? { scheduledSince: since } : {}) };
}

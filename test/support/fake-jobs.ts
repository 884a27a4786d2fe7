import {
  Actor,
  Backfill,
  JobControl,
  JobPage,
  JobQuery,
  JobVersion,
  mergePatch,
  parseJobDocument,
  RunRequest,
  StoredJob,
} from '@app/jobs';
import { AlreadyExists, Clock, Conflict, InvalidInput, NotFound, RevisionConflict } from '@app/platform';
import { JobCatalog } from '../../apps/master/src/ports/job-catalog.js';

/** Something somebody asked of a job, for tests to look at. */
export interface Asked {
  readonly what: string;
  readonly name: string;
  readonly by: string;
  readonly details?: unknown;
}

/** JobControl over a Map: the real documents and errors, nothing of claims and cursors. */
export class FakeJobs implements JobControl, JobCatalog {
  readonly asked: Asked[] = [];
  private readonly jobs = new Map<string, StoredJob>();
  private readonly earlier = new Map<string, JobVersion[]>();
  private revision = 100;

  constructor(private readonly clock: Clock) {}

  all(): Iterable<StoredJob> {
    return this.jobs.values();
  }

  /** A value under the job's key that is no job. */
  putInvalid(name: string, reason: string): void {
    this.revision += 1;
    const parsed = { ok: false, reason, errors: [{ path: '', message: reason }] } as const;
    this.jobs.set(name, { name, revision: this.revision, createRevision: this.revision, parsed });
  }

  async get(name: string): Promise<StoredJob> {
    const job = this.jobs.get(name);
    if (!job) throw new NotFound('job', name);
    return job;
  }

  async list(query: JobQuery): Promise<JobPage> {
    if (query.cursor !== undefined && !/^\d+$/.test(query.cursor)) {
      throw new InvalidInput([{ path: 'cursor', message: 'is not one of ours' }]);
    }
    const found = [...this.jobs.values()].filter(
      ({ name, parsed }) =>
        name.includes(query.search ?? '') && (!query.group || (parsed.ok && parsed.job.group === query.group)),
    );
    const start = Number(query.cursor ?? 0);
    const items = found.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(start, start + query.limit);
    const next = start + items.length;
    return { items, total: found.length, ...(next < found.length && { nextCursor: String(next) }) };
  }

  async withRunCounts(jobs: readonly StoredJob[]): Promise<readonly StoredJob[]> {
    return jobs;
  }

  async create(document: unknown, actor: Actor): Promise<StoredJob> {
    const parsed = parseJobDocument(document);
    if (this.jobs.has(parsed.job.name)) throw new AlreadyExists('job', parsed.job.name);
    return this.put(parsed.job.name, document, 'create', actor);
  }

  async replace(name: string, document: unknown, actor: Actor, ifRevision?: number) {
    const created = !this.jobs.has(name);
    if (ifRevision !== undefined) await this.expect(name, ifRevision);
    return { job: this.put(name, document, 'replace', actor), created };
  }

  async patch(name: string, patch: unknown, actor: Actor, ifRevision?: number): Promise<StoredJob> {
    const job = await this.expect(name, ifRevision);
    return this.put(name, mergePatch(job.parsed.ok ? job.parsed.document : { name }, patch), 'patch', actor);
  }

  async remove(name: string, actor: Actor, ifRevision?: number): Promise<void> {
    await this.expect(name, ifRevision);
    this.jobs.delete(name);
    this.note('remove', name, actor);
  }

  pause(name: string, options: { reason?: string; until?: number }, actor: Actor): Promise<StoredJob> {
    const pausedUntil = options.until === undefined ? null : new Date(options.until).toISOString();
    return this.patch(name, { paused: true, pausedReason: options.reason ?? null, pausedUntil }, actor);
  }

  resume(name: string, actor: Actor): Promise<StoredJob> {
    return this.patch(name, { paused: null, pausedReason: null, pausedUntil: null }, actor);
  }

  async versions(name: string): Promise<readonly JobVersion[]> {
    await this.get(name);
    return this.earlier.get(name) ?? [];
  }

  async restore(name: string, revision: number, actor: Actor): Promise<StoredJob> {
    const version = (await this.versions(name)).find((earlier) => earlier.revision === revision);
    if (!version) throw new NotFound('version', String(revision));
    return this.put(name, version.document, 'restore', actor);
  }

  async resetCursor(name: string, to: number, actor: Actor): Promise<void> {
    this.jobs.set(name, { ...(await this.get(name)), decidedUntil: to });
    this.note('resetCursor', name, actor, to);
  }

  async requestRun(name: string, request: RunRequest, actor: Actor): Promise<{ runId: string }> {
    await this.get(name);
    this.note('run', name, actor, request);
    return { runId: request.idempotencyKey ? `run-of-${request.idempotencyKey}` : `run-${this.asked.length}` };
  }

  async backfill(name: string, range: Backfill, actor: Actor): Promise<{ runIds: readonly string[] }> {
    await this.get(name);
    this.note('backfill', name, actor, range);
    return { runIds: ['run-1', 'run-2'] };
  }

  async killJob(name: string, options: { reason?: string }, actor: Actor): Promise<{ runIds: readonly string[] }> {
    await this.get(name);
    this.note('kill', name, actor, options);
    return { runIds: ['run-1'] };
  }

  async killRun(runId: string, options: { reason?: string }, actor: Actor): Promise<void> {
    if (runId === 'ended') throw new Conflict('The run has ended.');
    this.note('killRun', runId, actor, options);
  }

  async cancelRun(runId: string, actor: Actor): Promise<void> {
    this.note('cancelRun', runId, actor);
  }

  private put(name: string, document: unknown, what: string, actor: Actor): StoredJob {
    const parsed = parseJobDocument(document, name);
    const before = this.jobs.get(name);
    this.revision += 1;
    if (before?.parsed.ok) {
      const { revision, parsed: old, edited } = before;
      const put = edited && { putAt: edited.at, putBy: edited.by, ...(before.pause && { pause: before.pause }) };
      const version = {
        revision,
        document: old.document,
        ...put,
        replacedAt: this.clock.now(),
        replacedBy: actor.name,
      };
      this.earlier.set(name, [version, ...(this.earlier.get(name) ?? [])]);
    }
    const createRevision = before?.createRevision ?? this.revision;
    const edited = { by: actor.name, at: this.clock.now() };
    const pause = parsed.job.paused ? { pause: before?.pause ?? edited } : {};
    const job: StoredJob = {
      ...{ name, revision: this.revision, createRevision, parsed: { ok: true, ...parsed }, edited },
      ...pause,
    };
    this.jobs.set(name, job);
    this.note(what, name, actor);
    return job;
  }

  private async expect(name: string, revision: number | undefined): Promise<StoredJob> {
    const job = await this.get(name);
    if (revision !== undefined && job.revision !== revision) {
      throw new RevisionConflict('job', name, String(revision), String(job.revision));
    }
    return job;
  }

  private note(what: string, name: string, actor: Actor, details?: unknown): void {
    this.asked.push({ what, name, by: actor.name, details });
  }
}

import { createHash } from 'node:crypto';
import { type CoordinationStore, listAll } from '@app/etcd';
import { type Clock, Conflict, InvalidInput, NotFound, RevisionConflict } from '@app/platform';
import { ulid } from 'ulid';
import { requestTransaction } from '../claiming/request-decision.js';
import type { Job } from '../job/job.js';
import { scheduleOf } from '../job/schedule-of.js';
import { cancelledBy, entryOfRequest } from '../requests/entry-of-request.js';
import type { Schedule } from '../schedule/schedule.js';
import { below, type Keys } from '../store/keys.js';
import { writeKillOrder } from '../store/kill-order.js';
import { type RequestEntry, readRequest, writeRequest } from '../store/request-entry.js';
import { type RunEntry, readRunEntry, type SessionRef, writeRunEntry } from '../store/run-entry.js';
import type { ReadJob } from './edit-plan.js';
import type { Actor, Backfill, RunRequest } from './job-control.js';
import { ClockSuspect } from './job-editor.js';

/** Fires that one backfill may ask for. */
export const MAX_BACKFILL = 1000;

/** Orders about runs: start one now, kill, cancel. */
export class RunOrders {
  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly self: SessionRef,
    private readonly isClockGood: () => boolean,
    /** Whether history already knows a run of this id: for a wish that is repeated after its run has ended. */
    private readonly isRecorded: (runId: string) => Promise<boolean>,
  ) {}

  /** Throws InvalidInput for parameters the job does not declare, ClockSuspect, StoreUnavailable. */
  async request(read: ReadJob, request: RunRequest, actor: Actor): Promise<{ runId: string }> {
    if (!this.isClockGood()) throw new ClockSuspect();
    const { definition, name } = read;
    if (!definition) throw new NotFound('job', name);
    const { job } = definition;
    if (!job)
      throw new Conflict(`The job "${name}" is invalid: ${definition.parsed.ok ? '' : definition.parsed.reason}`);
    checkParams(job, request.params);
    const { idempotencyKey: idempotency } = request;
    const now = this.clock.now();
    const runId =
      idempotency === undefined
        ? ulid(Math.floor(now)).toLowerCase()
        : digestId(name, definition.createRevision, idempotency);
    if (idempotency !== undefined && (await this.isRecorded(runId))) return { runId };
    const entry: RequestEntry = {
      runId,
      jobName: name,
      trigger: 'manual',
      scheduledTime: now,
      requestedAt: now,
      notBefore: now,
      attempt: 1,
      rootRunId: runId,
      by: actor.name,
      jobGeneration: definition.createRevision,
      ...(request.params ? { params: request.params } : {}),
      ...(request.worker === undefined ? {} : { worker: request.worker }),
    };
    const key = this.keys.request(name, runId);
    const [settled] = await this.store.transactAll([
      {
        compare: [
          { key, field: 'createRevision', equals: 0 },
          { key: this.keys.run(name, runId), field: 'createRevision', equals: 0 },
          { key: this.keys.job(name), field: 'createRevision', equals: definition.createRevision },
        ],
        then: [{ kind: 'put', key, value: writeRequest(entry) }],
        otherwise: [{ kind: 'get', key: this.keys.job(name) }],
      },
    ]);
    if (settled?.ok !== true) throw settled?.error;
    if (settled.result.succeeded) return { runId };
    const [job2] = settled.result.results;
    const found = job2?.kind === 'get' ? job2.entry : undefined;
    if (!found) throw new NotFound('job', name);
    if (found.createRevision !== definition.createRevision) {
      throw new RevisionConflict('job', name, String(definition.revision), String(found.modRevision));
    }
    return { runId };
  }

  /**
   * Wishes for a run of every scheduled time in [from, to] (epoch milliseconds), oldest first. Throws InvalidInput when
   * there are none, or more than MAX_BACKFILL, and ClockSuspect.
   */
  async backfill(read: ReadJob, wish: Backfill, actor: Actor): Promise<{ runIds: readonly string[] }> {
    if (!this.isClockGood()) throw new ClockSuspect();
    const { definition, name } = read;
    if (!definition) throw new NotFound('job', name);
    const { job } = definition;
    const rule = job && scheduleOf(job);
    if (!job || !rule) throw new Conflict(`The job "${name}" has no schedule to fill back.`);
    checkParams(job, wish.params);
    const now = this.clock.now();
    const fires = firesWithin(rule, wish);
    const requests = fires.map((scheduledTime): RequestEntry => {
      const runId = ulid(Math.floor(now)).toLowerCase();
      return {
        runId,
        jobName: name,
        trigger: 'backfill',
        scheduledTime,
        requestedAt: now,
        notBefore: now,
        attempt: 1,
        rootRunId: runId,
        by: actor.name,
        jobGeneration: definition.createRevision,
        ...(wish.params ? { params: wish.params } : {}),
      };
    });
    const settled = await this.store.transactAll(
      requests.map((request) => ({
        compare: [{ key: this.keys.job(name), field: 'createRevision', equals: definition.createRevision }],
        then: [{ kind: 'put', key: this.keys.request(name, request.runId), value: writeRequest(request) }],
      })),
    );
    const failed = settled.find((each) => !each.ok);
    if (failed?.ok === false) throw failed.error;
    if (settled.some((each) => each.ok && !each.result.succeeded)) throw new NotFound('job', name);
    return { runIds: requests.map(({ runId }) => runId) };
  }

  /** Kills what runs of the job and cancels its pending retries and backfills; returns the ids of all. */
  async killJob(name: string, reason: string | undefined, actor: Actor): Promise<{ runIds: readonly string[] }> {
    const why = reason ?? 'killed by hand';
    const [settled] = await this.store.transactAll([
      {
        compare: [],
        then: [{ kind: 'put', key: this.keys.killer(name), value: writeKillOrder({ by: actor.name, why }) }],
      },
    ]);
    if (settled?.ok !== true) throw settled?.error;
    const killed = await this.markRuns(name, () => true, why, actor);
    const { entries } = await listAll(this.store, this.keys.requestsOf(name));
    const retries = entries.flatMap(({ value, modRevision }) => {
      const request = readRequest(value);
      return request?.trigger === 'retry' || request?.trigger === 'backfill' ? [{ request, modRevision }] : [];
    });
    await Promise.all(
      retries.map(({ request, modRevision }) => this.endRequest(request, modRevision, 'killed', actor)),
    );
    return { runIds: [...killed, ...retries.map(({ request }) => request.runId)] };
  }

  /** Throws NotFound when no live run has the id, Conflict when it has ended. */
  async killRun(runId: string, reason: string | undefined, actor: Actor): Promise<void> {
    const why = reason ?? 'killed by hand';
    const found = await this.findRun(runId);
    if (found.state === 'finished') throw new Conflict(`Run ${runId} has ended already.`);
    const order = writeKillOrder({ runId, by: actor.name, why });
    const [settled] = await this.store.transactAll([
      { compare: [], then: [{ kind: 'put', key: this.keys.killer(found.jobName), value: order }] },
    ]);
    if (settled?.ok !== true) throw settled?.error;
    await this.markRuns(found.jobName, (entry) => entry.runId === runId, why, actor);
  }

  /** Throws NotFound, Conflict when the run has started. */
  async cancel(runId: string, actor: Actor): Promise<void> {
    const { entries } = await listAll(this.store, this.keys.requests);
    const found = entries.find(({ key }) => below(this.keys.requests, key).endsWith(`/${runId}`));
    const request = found && readRequest(found.value);
    if (!found || !request) {
      await this.findRun(runId);
      throw new Conflict(`Run ${runId} has started already: kill it instead.`);
    }
    if (!(await this.endRequest(request, found.modRevision, 'by hand', actor))) {
      throw new Conflict(`Run ${runId} has just started: kill it instead.`);
    }
  }

  private async findRun(runId: string): Promise<RunEntry> {
    const { entries } = await listAll(this.store, this.keys.runs);
    for (const { key, value } of entries) {
      const entry = key.endsWith(`/${runId}`) ? readRunEntry(value) : undefined;
      if (entry) return entry;
    }
    if (await this.isRecorded(runId)) throw new Conflict(`Run ${runId} has ended already.`);
    throw new NotFound('run', runId);
  }

  /** Writes the kill into the runs: a state that survives whoever is to carry it out. */
  private async markRuns(
    name: string,
    isMeant: (entry: RunEntry) => boolean,
    why: string,
    actor: Actor,
  ): Promise<readonly string[]> {
    for (;;) {
      const { entries } = await listAll(this.store, this.keys.runsOf(name));
      const live = entries.flatMap(({ key, value, modRevision }) => {
        const entry = readRunEntry(value);
        return entry && entry.state !== 'finished' && isMeant(entry) ? [{ key, entry, modRevision }] : [];
      });
      const unmarked = live.filter(({ entry }) => !entry.kill);
      const kill = { by: actor.name, why, at: this.clock.now() };
      const settled = await this.store.transactAll(
        unmarked.map(({ key, entry, modRevision }) => ({
          compare: [{ key, field: 'modRevision', equals: modRevision }],
          then: [{ kind: 'put', key, value: writeRunEntry({ ...entry, kill }) }],
        })),
      );
      const failed = settled.find((each) => !each.ok);
      if (failed?.ok === false) throw failed.error;
      // One that changed in between is looked at again: it has ended, or is to be marked.
      if (settled.every((each) => each.ok && each.result.succeeded)) return live.map(({ entry }) => entry.runId);
    }
  }

  private async endRequest(
    request: RequestEntry,
    revision: number,
    how: 'by hand' | 'killed',
    actor: Actor,
  ): Promise<boolean> {
    const result = cancelledBy(actor.name, how);
    const entry = entryOfRequest(request, { session: this.self, now: this.clock.now(), jobRevision: 0, result });
    const lock = { kind: 'none' } as const;
    const whole = { request, requestRevision: revision, jobRevision: 0, entry, session: this.self, lock };
    const { compare, ...transaction } = requestTransaction(this.keys, whole);
    const isAsRead = compare.filter(({ key }) => key === this.keys.request(request.jobName, request.runId));
    const [settled] = await this.store.transactAll([{ ...transaction, compare: isAsRead }]);
    if (settled?.ok !== true) throw settled?.error;
    return settled.result.succeeded;
  }
}

function firesWithin(rule: Schedule, { from, to }: Backfill): readonly number[] {
  if (to < from) throw new InvalidInput([{ path: 'to', message: 'must not be before from' }]);
  const fires: number[] = [];
  for (let fire = rule.next(from - 1); fire !== undefined && fire <= to; fire = rule.next(fire)) {
    fires.push(fire);
    if (fires.length > MAX_BACKFILL) {
      throw new InvalidInput([{ path: 'to', message: `more than ${MAX_BACKFILL} fires: fill back a shorter range` }]);
    }
  }
  if (fires.length === 0) throw new InvalidInput([{ path: 'from', message: 'the job has no fire in this range' }]);
  return fires;
}

function checkParams(job: Job, params: RunRequest['params']): void {
  const errors = Object.keys(params ?? {})
    .filter((name) => !Object.hasOwn(job.params, name))
    .map((name) => ({ path: `params.${name}`, message: 'is not a parameter of this job' }));
  if (errors.length > 0) throw new InvalidInput(errors);
}

function digestId(name: string, generation: number, idempotencyKey: string): string {
  return createHash('sha256').update(`${name}\n${generation}\n${idempotencyKey}`).digest('hex').slice(0, 26);
}

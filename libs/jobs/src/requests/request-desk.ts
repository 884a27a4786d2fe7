import type { KeyChange } from '@app/etcd';
import type { CancelTimer, Clock, Log } from '@app/platform';
import { type Courier, NotDelivered } from '../claiming/courier.js';
import type { LockCondition } from '../claiming/decision.js';
import {
  type RequestAnswer,
  type RequestDecision,
  readRequestAnswer,
  requestTransaction,
} from '../claiming/request-decision.js';
import { sendClaim } from '../claiming/send-claim.js';
import { lockSlots } from '../policy/lock-slots.js';
import type { JobDefinition } from '../registry/job-definition.js';
import type { RunTrigger } from '../run/run.js';
import { Agenda, type Appointment } from '../scheduling/agenda.js';
import type { DeciderSurroundings } from '../scheduling/decider.js';
import type { Keys } from '../store/keys.js';
import type { KillOrder } from '../store/kill-order.js';
import { type RequestEntry, readRequest } from '../store/request-entry.js';
import type { LockHolder, RunEntry, RunResult, SessionRef } from '../store/run-entry.js';
import { cancelledBy, entryOfRequest } from './entry-of-request.js';

const TAKEOVER_MS = [0, 1500, 2500] as const;
const REVIEW_EVERY_MS = 15_000;
const RETRY_MS = 1000;
const LONGEST_NAP_MS = 1000;

/** Requests that wait for a lock; a person's wish for a run now is answered now. */
const WAITS: ReadonlySet<RunTrigger> = new Set<RunTrigger>(['retry', 'backfill']);

interface Pending extends Appointment {
  readonly request: RequestEntry;
  readonly revision: number;
  /**
   * The store has said that it is gone, though the mirror still shows it. Asking again would be answered with our own
   * claim, perhaps so late that its run has ended meanwhile and would be started once more.
   */
  isSettled: boolean;
}

interface HeldLock {
  readonly slot: number;
  readonly lockRevision: number;
  readonly holder: LockHolder | undefined;
}

/** What the desk needs from the rest of the worker. */
export interface DeskSurroundings
  extends Pick<DeciderSurroundings, 'claiming' | 'reserveSlot' | 'releaseSlot' | 'claimed' | 'decided'> {
  definition(jobName: string): JobDefinition | undefined;
  /** This worker's place for a run of the job now; -1 when it may not. */
  rank(definition: JobDefinition, at: number): number;
  /** The kill that cancels the request, which was put at this revision; undefined: none is known that does. */
  killOf(request: RequestEntry, revision: number): KillOrder | undefined;
  /** When the kill of the job that is known here was put, as a revision; 0: none is known. */
  killRevision(jobName: string): number;
  /** What the store said to a claim; undefined: it does not take it at all. */
  answered(answer: RequestAnswer | undefined): void;
}

/** Takes requests as runs: manual ones, retries. Every worker sees all; the first-ranked takes one, others a little later. */
export class RequestDesk {
  private readonly pending = new Map<string, Pending>();
  private readonly agenda = new Agenda<Pending>();
  /** Also requests that are gone from the store: by our own claim, whose answer is still on its way. */
  private readonly inFlight = new Set<string>();
  private cancelWake: CancelTimer | undefined;
  private isRunning = false;

  constructor(
    private readonly workerId: string,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly courier: Courier,
    private readonly around: DeskSurroundings,
    private readonly stopping: AbortSignal,
  ) {}

  start(): void {
    this.isRunning = true;
    for (const pending of this.pending.values()) this.arm(pending);
    this.wake();
  }

  stop(): void {
    this.isRunning = false;
    this.cancelWake?.();
  }

  /** No claim of a request is on its way. */
  get isIdle(): boolean {
    return this.inFlight.size === 0;
  }

  get size(): number {
    return this.pending.size;
  }

  /** Whether the request is being taken at this moment. */
  isDeciding(runId: string): boolean {
    return this.inFlight.has(runId);
  }

  /** Takes over what the mirror of `requests/` says. */
  apply(changes: readonly KeyChange[]): void {
    for (const { key, entry } of changes) {
      const known = this.pending.get(key);
      if (known) this.agenda.remove(known);
      this.pending.delete(key);
      if (known?.request.trigger === 'backfill') this.lookAtNext(known.request.jobName);
      const request = entry && readRequest(entry.value);
      if (!entry || !request) continue;
      const added = { request, revision: entry.modRevision, isSettled: false, dueAt: 0, agendaIndex: -1, turn: 0 };
      this.pending.set(key, added);
      this.arm(added);
    }
    if (this.isRunning) this.wake();
  }

  /** Plans this worker's turn, and a later look should the others fail. */
  private arm(pending: Pending): void {
    if (pending.isSettled) return;
    const { request, revision } = pending;
    // What a kill means is ended now, however long it was to wait: the kill itself does not stay.
    const from = this.killOf(request, revision) ? this.clock.now() : request.notBefore;
    this.agenda.set(pending, from + (TAKEOVER_MS[this.rankFor(request)] ?? REVIEW_EVERY_MS));
  }

  /** Whom a request names is the first for it, whatever its place for the job. */
  private rankFor(request: RequestEntry): number {
    if (request.worker !== undefined) return request.worker === this.workerId ? 0 : -1;
    const definition = this.around.definition(request.jobName);
    return definition ? this.around.rank(definition, Math.max(request.notBefore, this.clock.now())) : 0;
  }

  /** A lock of the job is free: what waits for it, the oldest first, need not wait longer. */
  lockFreed(jobName: string): void {
    this.lookAtNext(jobName);
    if (this.isRunning) this.wake();
  }

  /** A kill of the job was put. */
  jobKilled(jobName: string): void {
    for (const pending of this.pending.values()) if (pending.request.jobName === jobName) this.rearm(pending);
    if (this.isRunning) this.wake();
  }

  private killOf(request: RequestEntry, revision: number): KillOrder | undefined {
    return WAITS.has(request.trigger) ? this.around.killOf(request, revision) : undefined;
  }

  /** The workers changed: another may be first now. */
  fleetChanged(): void {
    for (const pending of this.pending.values()) this.rearm(pending);
    if (this.isRunning) this.wake();
  }

  private rearm(pending: Pending): void {
    if (!this.inFlight.has(pending.request.runId)) this.arm(pending);
  }

  private lookAtNext(jobName: string): void {
    const next = this.oldestWaiting(jobName);
    if (next) this.rearm(next);
  }

  /** Whose turn it is for the lock. A retry whose time has not come keeps nobody waiting. */
  private oldestWaiting(jobName: string): Pending | undefined {
    const now = this.clock.now();
    let oldest: Pending | undefined;
    for (const pending of this.pending.values()) {
      const { request } = pending;
      if (request.jobName !== jobName || !WAITS.has(request.trigger) || request.notBefore > now) continue;
      if (!oldest || request.scheduledTime < oldest.request.scheduledTime) oldest = pending;
    }
    return oldest;
  }

  private wake(): void {
    this.cancelWake?.();
    if (!this.isRunning) return;
    const now = this.clock.now();
    for (let pending = this.agenda.take(now); pending; pending = this.agenda.take(now)) {
      this.agenda.set(pending, now + REVIEW_EVERY_MS);
      void this.decide(pending);
    }
    const { nextAt } = this.agenda;
    const nap = nextAt === undefined ? LONGEST_NAP_MS : Math.min(LONGEST_NAP_MS, Math.max(0, nextAt - now));
    if (this.agenda.size > 0) this.cancelWake = this.clock.timer(nap, () => this.wake());
  }

  private async decide(pending: Pending): Promise<void> {
    const { runId } = pending.request;
    if (this.inFlight.has(runId)) return;
    this.inFlight.add(runId);
    try {
      await this.tryTake(pending);
    } catch (error) {
      if (!(error instanceof NotDelivered)) throw error;
      if (!this.stopping.aborted) this.log.warn('A request was not taken yet', { runId, error });
      this.again(pending, RETRY_MS);
    } finally {
      this.inFlight.delete(runId);
    }
  }

  private async tryTake(pending: Pending): Promise<void> {
    const { request } = pending;
    const definition = this.around.definition(request.jobName);
    const session = this.around.claiming();
    if (!session) return this.again(pending, RETRY_MS);
    if (!definition || definition.createRevision !== request.jobGeneration) {
      return this.drop(pending, session, definition?.revision ?? 0, { status: 'cancelled', reason: 'jobDeleted' });
    }
    // A kill that is not known here yet may mean what waits: it is started only as long as there is none.
    const killRevision = WAITS.has(request.trigger) ? this.around.killRevision(request.jobName) : undefined;
    const kill = this.killOf(request, pending.revision);
    if (kill) return this.drop(pending, session, definition.revision, cancelledBy(kill.by, 'killed'));
    const { job } = definition;
    if (!job) return this.drop(pending, session, definition.revision, { status: 'cancelled', reason: 'jobInvalid' });
    if (this.rankFor(request) < 0) return;
    const slots = lockSlots(job);
    const isInOrder = request.trigger !== 'backfill' || slots.length !== 1 || this.oldestWaiting(job.name) === pending;
    if (!isInOrder) return;
    if (!this.around.reserveSlot()) return this.again(pending, RETRY_MS);
    try {
      for (const slot of slots.length > 0 ? slots : [undefined]) {
        const entry = entryOfRequest(request, {
          session,
          now: this.clock.now(),
          jobRevision: definition.revision,
          lockSlot: slot,
          lostAfterSeconds: job.lostAfterSeconds,
        });
        const lock: LockCondition = slot === undefined ? { kind: 'none' } : { kind: 'take', slot };
        const answer = await this.send(pending, session, definition.revision, entry, lock, killRevision);
        if (answer.kind !== 'lockHeld') return this.conclude(pending, definition, answer);
        if (slot === slots.at(-1))
          return await this.meetLock(pending, session, definition, { slot: slot ?? 0, ...answer });
      }
    } finally {
      this.around.releaseSlot();
    }
  }

  /** At a held lock a retry and a backfill wait; anything else is skipped as an overlap. */
  private async meetLock(
    pending: Pending,
    session: SessionRef,
    definition: JobDefinition,
    held: HeldLock,
  ): Promise<void> {
    if (WAITS.has(pending.request.trigger)) return this.again(pending, RETRY_MS);
    const { holder } = held;
    const reason = holder ? `overlap: run ${holder.runId} on ${holder.worker}` : 'overlap';
    return this.drop(pending, session, definition.revision, { status: 'skipped', reason }, held);
  }

  /** Ends a request without a run. */
  private async drop(
    pending: Pending,
    session: SessionRef,
    jobRevision: number,
    result: RunResult,
    held?: HeldLock,
  ): Promise<void> {
    const { request } = pending;
    const entry = entryOfRequest(request, { session, now: this.clock.now(), jobRevision, result });
    const lock: LockCondition =
      held === undefined ? { kind: 'none' } : { kind: 'unchanged', slot: held.slot, lockRevision: held.lockRevision };
    const answer = await this.send(pending, session, jobRevision, entry, lock);
    this.conclude(pending, this.around.definition(request.jobName), answer);
  }

  /** An earlier copy of a claim may have been accepted where an end was sent: then it is a run after all. */
  private conclude(pending: Pending, definition: JobDefinition | undefined, answer: RequestAnswer): void {
    if (answer.kind !== 'taken' && answer.kind !== 'accepted') {
      this.again(pending, RETRY_MS);
      return;
    }
    pending.isSettled = true;
    this.agenda.remove(pending);
    if (answer.kind === 'taken') return;
    if (answer.entry.state === 'finished') this.around.decided(answer.entry, answer.modRevision);
    else if (definition) this.around.claimed(answer.entry, answer.revision, answer.modRevision, definition);
  }

  private async send(
    pending: Pending,
    session: SessionRef,
    jobRevision: number,
    entry: RunEntry,
    lock: LockCondition,
    killRevision?: number,
  ): Promise<RequestAnswer> {
    const { request, revision: requestRevision } = pending;
    const decision: RequestDecision = { request, requestRevision, jobRevision, killRevision, entry, session, lock };
    return sendClaim(
      this.courier,
      requestTransaction(this.keys, decision),
      (result) => readRequestAnswer(decision, result),
      this.stopping,
      (answer) => this.around.answered(answer),
    );
  }

  private again(pending: Pending, delayMs: number): void {
    if (pending.agendaIndex < 0) return;
    this.agenda.set(pending, this.clock.now() + delayMs);
  }
}

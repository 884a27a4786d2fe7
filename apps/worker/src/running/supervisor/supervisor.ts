import type { LastWords, RunEnd, StartOrder, StartRefusal, Testimony } from '@app/jobs';
import type { Journal } from '../journal/journal.js';
import { testify, withoutTails } from '../journal/journal-state.js';
import { clearLeftover, type Leftover } from '../journal/leftover.js';
import { readBootId, readProcess } from '../processes/process-table.js';
import type { Means } from '../processes/spawn-plan.js';
import type { Sweeper } from '../processes/sweeper.js';
import type { SystemUsers } from '../processes/system-user.js';
import type { ToSupervisor, ToWorker } from '../wire/messages.js';
import { ChildRun } from './child-run.js';
import type { Clocks } from './clocks.js';
import { type OutputSink, OutputTurns } from './output-turns.js';
import { SessionDeadlines } from './session-deadlines.js';
import type { SpawnedChild } from './spawned-child.js';
import type { Spawner } from './spawner.js';
import { StartQueue } from './start-queue.js';

/** What a supervisor works with. */
export interface SupervisorParts {
  readonly workerId: string;
  /** Sessions of this worker that began under an earlier supervisor. */
  readonly earlierSessions: readonly string[];
  readonly journal: Journal;
  readonly worker: OutputSink & { tell(message: ToWorker): void };
  readonly sweeper: Sweeper;
  readonly users: SystemUsers;
  readonly means: Means;
  readonly spawner: Spawner;
  readonly clocks: Clocks;
}

/** How often the sessions' deadlines are compared with the boot clock, in milliseconds. */
const DEADLINE_CHECK_MS = 200;
/** Grace of a run whose session's deadline has passed, at most, in milliseconds. */
const DEADLINE_GRACE_MS = 2_000;
/** How long an orphaned supervisor tries to kill its runs before it admits that something is left. */
const BURIAL_MS = 8_000;
/** Ends whose output is remembered for the last words. */
const REMEMBERED_ENDS = 100;

/** Starts, watches and ends the runs of one worker; every order is answered by `refused`, or by `started` and `ended`. */
export class Supervisor {
  private readonly starts: StartQueue;
  private readonly turns: OutputTurns;
  private readonly running = new Map<string, ChildRun>();
  private readonly deadlines = new SessionDeadlines();
  private readonly seenSessions: Set<string>;
  private readonly lastEnds = new Map<string, RunEnd>();
  private readonly deadlineTimer: NodeJS.Timeout;
  private session = '';

  constructor(private readonly parts: SupervisorParts) {
    this.turns = new OutputTurns(parts.worker);
    this.seenSessions = new Set(parts.earlierSessions);
    this.session = parts.earlierSessions.at(-1) ?? '';
    this.starts = new StartQueue({
      ...parts,
      tooLate: (order) => this.tooLate(order),
      started: (order, child) => void this.carryThrough(order, child),
      refused: (refusal: StartRefusal) => parts.worker.tell({ t: 'refused', refusal }),
    });
    this.deadlineTimer = setInterval(() => this.enforceDeadlines(), DEADLINE_CHECK_MS);
  }

  /** Does what the worker says, closing apart. What names an unknown run has no effect. */
  handle(message: Exclude<ToSupervisor, { t: 'close' }>): void {
    switch (message.t) {
      case 'start':
        if (this.starts.has(message.order.runId) || this.running.has(message.order.runId)) return;
        this.see(message.order.session);
        void this.starts.submit(message.order);
        return;
      case 'kill': {
        const run = this.running.get(message.runId);
        if (run) run.end('asked', run.order.killGraceMs);
        else this.starts.refuse(message.runId, 'killed', 'it was killed before it was started');
        return;
      }
      case 'deadline':
        this.see(message.session);
        this.session = message.session;
        this.deadlines.set(message.session, message.bootMs);
        return;
      case 'rebind':
        this.rebind(message.runId, message.session);
        return;
      case 'settled':
        this.lastEnds.delete(message.runId);
        this.parts.journal.note({ t: 'settled', run: message.runId });
        return;
      case 'ping':
        this.parts.worker.tell({ t: 'pong' });
        return;
      default:
        throw new Error(`unknown message ${JSON.stringify(message satisfies never)}`);
    }
  }

  /**
   * Refuses what waits, ends what runs within this grace; resolves when nothing runs, all was told and the journal is
   * closed.
   */
  async close(graceMs: number): Promise<void> {
    this.starts.close('the worker is shutting down');
    const runs = [...this.running.values()];
    await this.endAll('asked', graceMs);
    await Promise.all(runs.map((run) => run.outputSent));
    await this.stop();
  }

  /**
   * The worker is gone: starts nothing more, kills every run at once, and gives what is known of each. `proven` is false
   * when something could not be killed within some seconds. Also takes over from a `close` under way.
   */
  async bury(): Promise<LastWords> {
    const neverStarted = this.starts.orders.map(
      ({ runId, jobName, session }): Testimony => ({ runId, jobName, session, state: 'neverStarted' }),
    );
    this.starts.close('the worker is gone');
    const left = new Map<string, Leftover>();
    const all = Promise.all([this.endAll('orphaned', 0), this.clearLeftovers(left)]);
    const proven = await Promise.race([all.then((each) => each.every(Boolean)), afterMs(BURIAL_MS)]);
    const known = new Map<string, Testimony>();
    for (const run of this.parts.journal.state.runs) {
      if (!this.seenSessions.has(run.session)) continue;
      const testimony = this.withOutput(testify(run));
      known.set(run.runId, left.get(run.runId) === 'killed' ? { ...testimony, state: 'killed' } : testimony);
    }
    for (const testimony of neverStarted) known.set(testimony.runId, testimony);
    const isWhole = ![...this.seenSessions].some((session) => this.parts.journal.state.mayHide(session));
    await this.stop();
    return { session: this.session, workerId: this.parts.workerId, proven, isWhole, runs: [...known.values()] };
  }

  /** What an earlier supervisor left is nobody else's: its worker may have died before it could kill it. */
  private async clearLeftovers(left: Map<string, Leftover>): Promise<boolean> {
    const { journal, sweeper } = this.parts;
    const boot = readBootId();
    const runs = [...journal.state.runs].filter(
      ({ runId, session }) => this.seenSessions.has(session) && !this.running.has(runId),
    );
    await Promise.all(runs.map(async (run) => left.set(run.runId, await clearLeftover(run, boot, sweeper, BURIAL_MS))));
    return runs.every(({ runId }) => left.get(runId) !== 'alive');
  }

  private async carryThrough(order: StartOrder, child: SpawnedChild): Promise<void> {
    const { journal, worker, sweeper, clocks } = this.parts;
    const { runId } = order;
    const run = new ChildRun(order, child, { turns: this.turns, sweeper, clocks });
    const { pid, startTime } = run;
    const startTicks = readProcess(pid)?.startTicks;
    this.running.set(runId, run);
    journal.noteNow({ t: 'pid', run: runId, pid, ticks: startTicks, at: startTime });
    worker.tell({ t: 'started', runId, pid, startTicks, startTime });
    const { end, cause } = await run.over;
    journal.note({ t: cause === 'orphaned' ? 'killed' : 'ended', run: runId, end: withoutTails(end) });
    this.remember(end);
    // An end is told after all output of its run.
    await run.outputSent;
    this.running.delete(runId);
    worker.tell({ t: 'ended', end });
  }

  private tooLate(order: StartOrder): string | undefined {
    const now = this.parts.clocks.boot();
    const lateMs = now - order.notAfterBootMs;
    if (lateMs > 0) return `its time to start passed ${Math.ceil(lateMs)} ms ago`;
    return this.hasLostOwnership(order, order.session, now) ? 'its session has ended' : undefined;
  }

  private hasLostOwnership({ holdsLock, ownershipGraceMs }: StartOrder, session: string, nowBootMs: number): boolean {
    return holdsLock && this.deadlines.hasPassed(session, nowBootMs - ownershipGraceMs);
  }

  private enforceDeadlines(): void {
    if (this.running.size === 0) return;
    const now = this.parts.clocks.boot();
    for (const run of this.running.values()) {
      if (!this.hasLostOwnership(run.order, run.session, now)) continue;
      run.end('ownership', Math.min(run.order.killGraceMs, DEADLINE_GRACE_MS));
    }
  }

  private rebind(runId: string, session: string): void {
    const run = this.running.get(runId);
    if (run) run.session = session;
    else if (!this.starts.rebind(runId, session)) return;
    this.see(session);
    this.parts.journal.note({ t: 'bind', run: runId, session });
  }

  /** A session that begins here is one of which the journal will know every run. */
  private see(session: string): void {
    if (this.seenSessions.has(session)) return;
    this.seenSessions.add(session);
    this.parts.journal.note({ t: 'session', session });
  }

  private async endAll(cause: 'asked' | 'orphaned', graceMs: number): Promise<boolean> {
    const runs = [...this.running.values()];
    for (const run of runs) run.end(cause, Math.min(graceMs, run.order.killGraceMs));
    await Promise.all(runs.map((run) => run.over));
    return true;
  }

  private async stop(): Promise<void> {
    clearInterval(this.deadlineTimer);
    await this.parts.journal.close();
  }

  private remember(end: RunEnd): void {
    this.lastEnds.set(end.runId, end);
    const [oldest] = this.lastEnds.keys();
    if (this.lastEnds.size > REMEMBERED_ENDS && oldest !== undefined) this.lastEnds.delete(oldest);
  }

  private withOutput(testimony: Testimony): Testimony {
    const end = this.lastEnds.get(testimony.runId);
    return end ? { ...testimony, end } : testimony;
  }
}

function afterMs(delayMs: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), delayMs));
}

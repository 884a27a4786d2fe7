import type { RunEnd, RunHost, RunHostListener, StartOrder, StartRefusal, Testimony } from '@app/jobs';
import type { CancelTimer, Clock } from '@app/platform';
import { SessionDeadlines } from '../../apps/worker/src/running/supervisor/session-deadlines.js';
import type { GroundTruth } from '../accounting/ground-truth.js';
import type { SimProcess } from './process.js';
import type { Random } from './random.js';

interface SimRun {
  readonly order: StartOrder;
  session: string;
  startedAt: number | undefined;
  isEnding: boolean;
  cancelEnd: CancelTimer;
}

/** How long the processes of a job take, in milliseconds. */
export type DurationOf = (order: StartOrder) => number;

/**
 * A machine's supervisor: it lives on while its worker is stopped, and kills everything when its worker dies. Starts and
 * ends are written to the ground truth the moment they happen.
 */
export class SimHost implements RunHost {
  private listener!: RunHostListener;
  private readonly runs = new Map<string, SimRun>();
  private readonly deadlines = new SessionDeadlines();
  private readonly testimony = new Map<string, Testimony>();
  private readonly cancelWatch: CancelTimer;
  private isClosed = false;

  constructor(
    private readonly world: Clock,
    private readonly worker: SimProcess,
    private readonly random: Random,
    private readonly truth: GroundTruth,
    private readonly durationOf: DurationOf,
  ) {
    this.cancelWatch = this.watch();
  }

  listen(listener: RunHostListener): void {
    this.listener = listener;
  }

  start(order: StartOrder): void {
    const { session } = order;
    const run: SimRun = { order, session, startedAt: undefined, isEnding: false, cancelEnd: () => {} };
    this.runs.set(order.runId, run);
    this.testify(run, 'neverStarted');
    run.cancelEnd = this.world.timer(this.random.between(1, 15), () => this.spawn(run));
  }

  kill(runId: string): void {
    const run = this.runs.get(runId);
    if (run) this.terminate(run, 'asked', this.random.between(1, 2000));
  }

  async canStart(): Promise<boolean> {
    return true;
  }

  setSessionDeadline(session: string, deadlineBootMs: number): void {
    this.deadlines.set(session, deadlineBootMs);
  }

  rebind(runId: string, session: string): void {
    const run = this.runs.get(runId);
    if (run) run.session = session;
  }

  settled(runId: string): void {
    this.testimony.delete(runId);
  }

  /** The worker is dead: everything is killed at once. Returns what is known of its runs. */
  workerDied(): readonly Testimony[] {
    this.isClosed = true;
    this.cancelWatch();
    for (const run of this.runs.values()) {
      run.cancelEnd();
      if (run.startedAt === undefined) continue;
      this.truth.ended(run.order.runId, 'killed');
      this.testify(run, 'killed');
    }
    this.runs.clear();
    return [...this.testimony.values()];
  }

  private spawn(run: SimRun): void {
    if (this.isClosed) return;
    const { order } = run;
    if (this.world.boot() > order.notAfterBootMs) {
      this.runs.delete(order.runId);
      const refusal: StartRefusal = { runId: order.runId, why: 'tooLate', detail: 'the session ended' };
      this.worker.deliver(() => this.listener.refused(refusal));
      return;
    }
    run.startedAt = this.world.now();
    this.testify(run, 'mayHaveStarted');
    this.truth.started(order);
    const { startedAt } = run;
    this.worker.deliver(() => this.listener.started(order.runId, 1000 + this.random.between(1, 30_000), startedAt));
    run.cancelEnd = this.world.timer(this.durationOf(order), () => this.end(run, undefined));
  }

  private terminate(run: SimRun, why: NonNullable<RunEnd['killedFor']>, withinMs: number): void {
    // Asked again it ends no later.
    if (run.isEnding) return;
    run.isEnding = true;
    run.cancelEnd();
    if (run.startedAt === undefined) {
      this.runs.delete(run.order.runId);
      const refusal: StartRefusal = { runId: run.order.runId, why: 'killed', detail: why };
      this.worker.deliver(() => this.listener.refused(refusal));
      return;
    }
    run.cancelEnd = this.world.timer(withinMs, () => this.end(run, why));
  }

  private end(run: SimRun, killedFor: RunEnd['killedFor']): void {
    if (this.isClosed) return;
    const { order } = run;
    this.runs.delete(order.runId);
    const exitCode = order.jobName.includes('failing') ? 1 : 0;
    this.truth.ended(order.runId, killedFor === undefined ? 'byItself' : 'killed');
    const end: RunEnd = {
      runId: order.runId,
      startTime: run.startedAt ?? 0,
      endTime: this.world.now(),
      ...(killedFor === undefined ? { exitCode } : { signal: 'SIGKILL', killedFor }),
      outputBytes: 0,
      outputTruncated: false,
      outputTail: '',
      errTail: '',
    };
    this.testimony.set(order.runId, { ...this.basics(run), state: 'ended', end });
    this.worker.deliver(() => this.listener.ended(end));
  }

  /** Ends lock-holding runs whose session's ownership has passed, whether the worker is stopped or not. */
  private watch(): CancelTimer {
    let cancel: CancelTimer = () => {};
    const look = (): void => {
      const now = this.world.boot();
      for (const run of this.runs.values()) {
        const { holdsLock, ownershipGraceMs } = run.order;
        if (holdsLock && run.startedAt !== undefined && this.deadlines.hasPassed(run.session, now - ownershipGraceMs)) {
          this.terminate(run, 'ownership', this.random.between(1, 2000));
        }
      }
      cancel = this.world.timer(500, look);
    };
    cancel = this.world.timer(500, look);
    return () => cancel();
  }

  private testify(run: SimRun, state: Testimony['state']): void {
    this.testimony.set(run.order.runId, { ...this.basics(run), state });
  }

  private basics(run: SimRun): { runId: string; jobName: string; session: string } {
    return { runId: run.order.runId, jobName: run.order.jobName, session: run.session };
  }
}

import type { RunEnd, StartOrder } from '@app/jobs';
import { type ProcessFacts, readProcess } from '../processes/process-table.js';
import { hasGroup, type Sweeper, signal } from '../processes/sweeper.js';
import { type Clocks, longTimer } from './clocks.js';
import type { OutputTurns } from './output-turns.js';
import { RunOutput } from './run-output.js';
import type { ChildExit, SpawnedChild } from './spawned-child.js';

/** Why a run is ended from outside; `orphaned`: its worker is gone. */
export type EndCause = NonNullable<RunEnd['killedFor']> | 'orphaned';

/** What a run needs around it. */
export interface RunSurroundings {
  readonly turns: OutputTurns;
  readonly sweeper: Sweeper;
  readonly clocks: Clocks;
}

/** How a run ended, with the cause if it was ended from outside. */
export interface ChildEnd {
  readonly end: RunEnd;
  readonly cause?: EndCause;
}

const POLL_MS = 20;
/** After its exit a run's pipes are read until they were quiet for one of these, but for no more than ten. */
const QUIET_MS = 20;
const MAX_QUIET_CHECKS = 10;

/**
 * One run and its process tree, from the spawn to the end.
 *
 * running: until its leader exits by itself (then what stands in the pipes is read, and it is over; processes it left in
 * the background are its own affair, as with cron), or until `end()`.
 * ending: TERM to the group; when the grace is over KILL to the group; then whatever else is found of the tree. Over when
 * nothing of the tree is alive.
 */
export class ChildRun {
  session: string;
  /** Resolves when the run is over. Never rejects. */
  readonly over: Promise<ChildEnd>;
  readonly startTime: number;

  private readonly output: RunOutput;
  private readonly leaderExit: Promise<void>;
  private hasLeader = true;
  private exit: (ChildExit & { readonly at: number }) | undefined;
  private cause?: EndCause;
  private isEnding = false;
  /** Monotonic milliseconds at which patience ends; set while ending. */
  private killAt = Number.POSITIVE_INFINITY;
  private cancelTimeout: () => void = () => {};
  private finish!: (end: ChildEnd) => void;

  constructor(
    readonly order: StartOrder,
    private readonly child: SpawnedChild,
    private readonly around: RunSurroundings,
  ) {
    const { clocks, turns } = around;
    this.session = order.session;
    this.startTime = clocks.now();
    this.output = new RunOutput(order.runId, order.outputLimitBytes, turns, () => clocks.now());
    this.output.read('stdout', child.stdout);
    this.output.read('stderr', child.stderr);
    this.over = new Promise((resolve) => {
      this.finish = resolve;
    });
    this.leaderExit = child.exited.then((exit) => {
      this.hasLeader = false;
      this.exit = { ...exit, at: clocks.now() };
      this.cancelTimeout();
      if (!this.isEnding) void this.endByItself();
    });
    if (order.timeoutMs !== undefined) {
      this.cancelTimeout = longTimer(order.timeoutMs, () => this.end('timeout', order.killGraceMs));
    }
  }

  /** Resolves when the run is over and all its output was sent. Never rejects. */
  get outputSent(): Promise<void> {
    return this.output.sent;
  }

  get pid(): number {
    return this.child.pid;
  }

  /**
   * Ends the run and its tree; the first cause stands, the shortest grace counts. Without effect once the leader has
   * exited by itself. A grace of 0 is KILL at once.
   */
  end(cause: EndCause, graceMs: number): void {
    if (!this.isEnding && !this.hasLeader) return;
    this.killAt = Math.min(this.killAt, performance.now() + graceMs);
    if (this.isEnding) return;
    this.isEnding = true;
    this.cause = cause;
    void this.endTree(graceMs);
  }

  private async endTree(graceMs: number): Promise<void> {
    const { sweeper } = this.around;
    const { runId } = this.order;
    // Taken before the first signal: once parents die, those who left the session are no longer seen to be theirs.
    let known: ProcessFacts[] = await sweeper.family({ runId, leader: this.pid });
    // It came to its own end before we did anything; what it left is cleared away all the same.
    if (!this.hasLeader) this.cause = undefined;
    if (graceMs > 0 && this.isPatient) {
      this.signalGroup('SIGTERM');
      // A stopped process sees TERM only when it goes on.
      this.signalGroup('SIGCONT');
      while (this.isPatient && (this.hasLeader || hasGroup(this.pid))) {
        await this.pollPause();
        // Without /proc there is only the group to ask.
        if (this.hasLeader || known.length === 0 || known.some((member) => this.isInGroup(member))) continue;
        // Nobody we knew of is left. The kernel still counts dead members that nobody has reaped, so look who lives.
        known = [...known, ...(await sweeper.family({ runId, leader: this.pid }))];
        if (!known.some((member) => this.isInGroup(member))) break;
      }
    }
    this.signalGroup('SIGKILL');
    await sweeper.clear({ runId, leader: this.pid, known });
    await this.leaderExit;
    this.report(this.around.clocks.now());
  }

  private async endByItself(): Promise<void> {
    let seen = -1;
    for (let checks = 0; this.output.isOpen && seen !== this.output.bytes && checks < MAX_QUIET_CHECKS; checks += 1) {
      seen = this.output.bytes;
      await this.quietPause();
    }
    this.report(this.exit?.at ?? this.around.clocks.now());
  }

  private report(endTime: number): void {
    this.cancelTimeout();
    const { runId } = this.order;
    const { startTime, exit, cause } = this;
    const killedFor = cause === 'orphaned' ? undefined : cause;
    const summary = this.output.finish();
    this.finish({
      end: { runId, startTime, endTime, exitCode: exit?.code, signal: exit?.signal, killedFor, ...summary },
      cause,
    });
  }

  private get isPatient(): boolean {
    return performance.now() < this.killAt;
  }

  private signalGroup(name: NodeJS.Signals): void {
    if (this.hasLeader || hasGroup(this.pid)) signal(-this.pid, name);
  }

  /** Whether this very process is alive in the run's own group. */
  private isInGroup({ pid, startTicks }: ProcessFacts): boolean {
    const now = readProcess(pid);
    return now?.startTicks === startTicks && now.group === this.pid;
  }

  private async pollPause(): Promise<void> {
    const left = Math.max(0, this.killAt - performance.now());
    await new Promise((resolve) => setTimeout(resolve, Math.min(POLL_MS, left)));
  }

  /** The immediate lets the event loop look at the pipes once more, however late the timer came. */
  private quietPause(): Promise<void> {
    return new Promise((resolve) => setTimeout(() => setImmediate(resolve), QUIET_MS));
  }
}

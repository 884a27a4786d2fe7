import type { CancelTimer, Clock } from '@app/platform';
import { isSameSession } from '../claiming/decision.js';
import { dueAt } from '../job/schedule-of.js';
import { isSameSchedule, type JobDefinition } from '../registry/job-definition.js';
import { isFire } from '../run/run.js';
import type { RunEntry, SessionRef } from '../store/run-entry.js';
import { LiveRun } from './live-run.js';

/** What is postponed is looked at so often. */
const LOOK_EVERY_MS = 250;

/** What decides whether a run may be started now, later or never. */
export interface StartRules {
  /** Boot-clock instant up to which the run may be started under the session it was claimed with; past where that ended. */
  startUntilBootMs(entry: RunEntry): number;
  /** The session as the store knows it; undefined between two. */
  session(): SessionRef | undefined;
  /** Whether this worker may claim now; only then what was postponed is started. */
  mayStart(): boolean;
  /** The job as it is known now. */
  definition(jobName: string): JobDefinition | undefined;
}

/** What becomes of a postponed run. */
export interface PostponedRunOwner {
  /** Whether one more may run, those that are postponed left out. */
  hasRoom(): boolean;
  /** Its claim was answered after the session that it was made with: it belongs to this one from now on. */
  bind(run: LiveRun, session: SessionRef): void;
  /** It may be started up to this instant of the boot clock. */
  start(run: LiveRun, untilBootMs: number): void;
  /** It will never be started. */
  giveUp(run: LiveRun, reason: string): void;
}

/**
 * Claimed runs that could not be started when they were to be, and may yet be. Their slots and locks stay taken: they are
 * ours, and nobody else will start them. One is started once its session is confirmed, this worker may claim and there is
 * room; given up when its starting deadline is over, its job is gone or has another schedule, or when it holds a lock that
 * a worker in better health could have.
 */
export class PostponedStarts {
  /** With the reason that is told of one that never is started. */
  private readonly runs = new Map<LiveRun, string>();
  private cancelLook: CancelTimer | undefined;
  private isStopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly rules: StartRules,
    private readonly owner: PostponedRunOwner,
  ) {}

  get size(): number {
    return this.runs.size;
  }

  /** Of one that is postponed: why it has not been started. */
  reasonOf(run: LiveRun): string | undefined {
    return this.runs.get(run);
  }

  /** Given up at once where there is no hope; never started at once. */
  add(run: LiveRun, reason: string): void {
    this.runs.set(run, reason);
    if (this.isHopeless(run)) this.owner.giveUp(run, reason);
    this.lookLater();
  }

  /** It has ended. */
  remove(run: LiveRun): void {
    this.runs.delete(run);
  }

  /** Starts nothing any more: what is added from now on is given up. */
  stop(): void {
    this.cancelLook?.();
    this.isStopped = true;
  }

  private lookLater(): void {
    if (this.runs.size === 0 || this.isStopped) return;
    this.cancelLook ??= this.clock.timer(LOOK_EVERY_MS, () => {
      this.cancelLook = undefined;
      this.look();
      this.lookLater();
    });
  }

  private look(): void {
    const session = this.rules.session();
    for (const [run, reason] of [...this.runs]) {
      if (session && !isSameSession(run.entry, session)) this.owner.bind(run, session);
      if (this.isHopeless(run)) this.owner.giveUp(run, reason);
      else if (this.owner.hasRoom() && this.rules.mayStart() && this.isConfirmed(run)) {
        this.runs.delete(run);
        this.owner.start(run, wantedUntilBootMs(run, this.clock));
      }
    }
  }

  /** It will not be started, or would hold up others while this worker itself cannot start it. */
  private isHopeless(run: LiveRun): boolean {
    const isHoldingUp = run.entry.lockSlot !== undefined && this.isConfirmed(run) && !this.rules.mayStart();
    return (
      isHoldingUp || this.isStopped || !this.isWanted(run) || wantedUntilBootMs(run, this.clock) < this.clock.boot()
    );
  }

  /** Its session is known to live. */
  private isConfirmed(run: LiveRun): boolean {
    return this.rules.startUntilBootMs(run.entry) > this.clock.boot();
  }

  /** Its job is still there and, for a fire, has the schedule it was claimed by: it was not paused since. */
  private isWanted({ definition, entry }: LiveRun): boolean {
    const now = this.rules.definition(definition.name);
    if (!now || !isFire(entry.trigger)) return now?.createRevision === definition.createRevision;
    return isSameSchedule(now, definition);
  }
}

/** Boot-clock instant up to which a run may be started: a fire counts from when it was due, a request from its claim. */
export function wantedUntilBootMs({ definition: { job }, entry }: LiveRun, clock: Clock): number {
  if (!job) return Number.NEGATIVE_INFINITY;
  const since = entry.trigger === 'schedule' ? dueAt(job, entry.scheduledTime) : entry.claimedAt;
  return clock.boot() + since + job.startingDeadlineSeconds * 1000 - clock.now();
}

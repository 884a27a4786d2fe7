import type { CancelTimer, Clock, Log } from '@app/platform';
import type { StoredRun } from '../claiming/run-writes.js';
import type { Delivery } from '../delivery/delivery.js';
import { type RunFacts, runOfEntry, runsOfEntry } from '../delivery/runs-of-entry.js';
import { dueAt } from '../job/schedule-of.js';
import { fenceOf } from '../policy/run-id.js';
import type { JobDefinition } from '../registry/job-definition.js';
import type { OwnLock } from '../scheduling/decider.js';
import type { KillOrder } from '../store/kill-order.js';
import type { KillMark, RunEntry, RunResult, SessionRef } from '../store/run-entry.js';
import { LiveRun } from './live-run.js';
import { PostponedStarts, type StartRules, wantedUntilBootMs } from './postponed-starts.js';
import type { OutputPiece, RunEnd, RunHost, RunHostListener, StartOrder, StartRefusal } from './run-host.js';
import type { RunRecorder } from './run-recorder.js';
import { resultOfEnd, resultOfKill, resultOfRefusal } from './run-result.js';
import type { RunWriter } from './run-writer.js';

/** A run alive for so long is put as `running`. */
const MARK_AFTER_MS = 1000;
const MARK_EVERY_MS = 500;

/** Makes the start order of a claimed run; throws with a sentence when the job cannot be started at all. */
export type BuildOrder = (
  definition: JobDefinition,
  entry: RunEntry,
  context: { readonly fence: string; readonly notAfterBootMs: number },
) => StartOrder;

/** What the keeper needs from the rest of the worker. */
export interface KeeperSurroundings extends StartRules {
  /** A kill of the job or run that was put after the claim. */
  killFor(entry: RunEntry, fenceRevision: number): { order: KillOrder; at: number } | undefined;
  /** The run's lock, if it had one, is free. */
  lockFreed(jobName: string): void;
  slotFreed(): void;
  /** A scheduled fire that no lock held up was started so long after it was due. */
  firedLate(latenessMs: number): void;
  startRefused(refusal: StartRefusal): void;
  /** The host can start nothing for now. */
  unable(reason: string): void;
  output(entry: RunEntry, piece: OutputPiece): void;
  epoch(): number;
}

/** Owns the runs of this worker: starts what was claimed, ends what must end, and says so in the store. */
export class RunKeeper implements RunHostListener {
  private readonly runs = new Map<string, LiveRun>();
  private readonly byJob = new Map<string, Set<LiveRun>>();
  private readonly postponed: PostponedStarts;
  /** Runs whose binding to a new session is on its way. */
  private readonly binding = new Set<LiveRun>();
  private used = 0;
  private cancelMark: CancelTimer | undefined;

  constructor(
    private readonly slots: number,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly host: RunHost,
    private readonly writer: RunWriter,
    private readonly delivery: Delivery,
    private readonly recorder: RunRecorder,
    private readonly buildOrder: BuildOrder,
    private readonly around: KeeperSurroundings,
    private readonly workerIp?: string,
  ) {
    this.postponed = new PostponedStarts(clock, around, {
      hasRoom: () => this.used - this.postponed.size < slots,
      bind: (run, session) => {
        if (!this.binding.has(run)) this.bind(run, session);
      },
      start: (run, untilBootMs) => this.start(run, untilBootMs),
      giveUp: (run, reason) => this.finish(run, this.missed(reason)),
    });
    host.listen(this);
  }

  /** Runs that are claimed, starting or running. */
  get live(): IterableIterator<LiveRun> {
    return this.runs.values();
  }

  get size(): number {
    return this.runs.size;
  }

  get usedSlots(): number {
    return this.used;
  }

  knows(runId: string): boolean {
    return this.runs.has(runId);
  }

  reserveSlot(): boolean {
    if (!this.hasFreeSlot) return false;
    this.used++;
    return true;
  }

  get hasFreeSlot(): boolean {
    return this.used < this.slots;
  }

  releaseSlot(): void {
    this.used--;
    this.around.slotFreed();
  }

  /** The job's lock as held by a live run of ours; `isEnding` while its end is on its way to the store. */
  ownLock(jobName: string, slot: number): (OwnLock & { readonly isEnding: boolean }) | undefined {
    for (const run of this.byJob.get(jobName) ?? []) {
      if (run.entry.lockSlot !== slot || run.isDisowned) continue;
      const { worker, session, sessionRevision } = run.entry;
      const holder = { worker, session, sessionRevision, runId: run.id };
      if (run.phase === 'ended') this.writer.hurry();
      return { holder, lockRevision: run.lockRevision, isEnding: run.phase === 'ended' };
    }
    return undefined;
  }

  /** Takes over a run that was claimed for this session and starts it. `hasWaited`: a lock was in its way. */
  take(stored: StoredRun, fenceRevision: number, definition: JobDefinition, hasWaited = false): void {
    const run = this.add(stored, fenceRevision, definition);
    run.hasWaited = hasWaited;
    if (!this.isKilled(run)) this.start(run);
  }

  /**
   * Takes over a run that is ours and that nobody started: starts it once it may be and there is a slot for it, and ends
   * it as missed when its time to start is over.
   */
  takeUnstarted(stored: StoredRun, fenceRevision: number, definition: JobDefinition): void {
    const run = this.add(stored, fenceRevision, definition);
    if (!this.isKilled(run)) this.postponed.add(run, 'notStarted');
  }

  /** A kill was asked for: of one run or of all runs of the job claimed before the put. */
  killed(jobName: string, order: KillOrder, revision: number, at: number): void {
    for (const run of this.byJob.get(jobName) ?? []) {
      if (order.runId === undefined ? run.fenceRevision >= revision : order.runId !== run.id) continue;
      this.end(run, { by: order.by, why: order.why, at });
    }
  }

  /** A kill stands in the store, in the run itself. Does nothing for a run that is not known, or has ended. */
  foundKilled(runId: string, mark: KillMark): void {
    const run = this.runs.get(runId);
    if (run) this.end(run, mark);
  }

  /** Ends a run from our side; the mark says who and why. One that is there already stays, and is carried out again. */
  end(run: LiveRun, mark: KillMark): void {
    if (run.phase === 'ended') return;
    const isMarked = run.kill !== undefined;
    if (!isMarked) this.markKilled(run, mark);
    this.endProcess(run);
    if (!isMarked) void this.writer.rewrite(run);
  }

  /** A new session began: binds every run to it. One that was declared lost meanwhile is killed at once. */
  rebind(session: SessionRef): void {
    for (const run of this.runs.values()) this.bind(run, session);
  }

  /** Starts nothing any more, and looks at nothing by itself. */
  stop(): void {
    this.cancelMark?.();
    this.postponed.stop();
  }

  started(runId: string, pid: number, startTime: number): void {
    const run = this.runs.get(runId);
    if (!run) return;
    run.phase = 'running';
    run.note({ pid, startTime });
    const { job } = run.definition;
    if (job && run.entry.trigger === 'schedule' && !run.hasWaited)
      this.around.firedLate(startTime - dueAt(job, run.entry.scheduledTime));
    this.cancelMark ??= this.clock.timer(MARK_EVERY_MS, () => this.markRunning());
  }

  unable(reason: string): void {
    this.around.unable(reason);
  }

  refused(refusal: StartRefusal): void {
    this.around.startRefused(refusal);
    const run = this.runs.get(refusal.runId);
    if (!run) return;
    const result = resultOfRefusal(refusal, this.clock.now(), run.kill);
    const mayPass = refusal.why === 'tooLate' || refusal.why === 'journal';
    if (mayPass && !run.kill && !run.isDisowned) this.postponed.add(run, result.reason ?? 'notStarted');
    else this.finish(run, result);
  }

  output(piece: OutputPiece): void {
    const run = this.runs.get(piece.runId);
    if (run) this.around.output(run.entry, piece);
  }

  ended(end: RunEnd): void {
    const run = this.runs.get(end.runId);
    if (!run?.definition.job) return;
    // Nobody killed what we ended because it had been declared lost.
    const isOurs = run.isDisowned && !run.kill && end.killedFor === 'asked';
    const told: RunEnd = isOurs ? { ...end, killedFor: 'ownership' } : end;
    this.finish(run, resultOfEnd(told, run.definition.job, run.kill));
  }

  private add(stored: StoredRun, fenceRevision: number, definition: JobDefinition): LiveRun {
    const run = new LiveRun(stored, fenceRevision, definition);
    this.used++;
    this.runs.set(run.id, run);
    const ofJob = this.byJob.get(definition.name);
    if (ofJob) ofJob.add(run);
    else this.byJob.set(definition.name, new Set([run]));
    return run;
  }

  private start(run: LiveRun, wantedUntilBootMs = this.lateUntilBootMs(run)): void {
    try {
      const fence = fenceOf(this.around.epoch(), run.fenceRevision);
      const notAfterBootMs = Math.min(this.around.startUntilBootMs(run.entry), wantedUntilBootMs);
      run.fence = fence;
      this.host.start(this.buildOrder(run.definition, run.entry, { fence, notAfterBootMs }));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.refused({ runId: run.id, why: 'spawn', detail });
    }
  }

  private bind(run: LiveRun, session: SessionRef): void {
    this.binding.add(run);
    void this.writer.rebind(run, session).then((bound) => {
      this.binding.delete(run);
      if (bound === 'bound') {
        this.host.rebind(run.id, session.session);
        // A kill that was asked for while the worker was cut off was found as the run was bound.
        if (run.kill && run.phase !== 'ended') this.endProcess(run);
      } else if (bound === 'disowned') this.disown(run);
    });
  }

  /** Who says `skip` wants no late fire: no more one that was found in time and whose claim was answered late. */
  private lateUntilBootMs(run: LiveRun): number {
    if (run.definition.job?.misfirePolicy !== 'skip' || run.entry.trigger !== 'schedule') return Infinity;
    return wantedUntilBootMs(run, this.clock);
  }

  /** Whether a kill stands that came before the start; then the run has ended. */
  private isKilled(run: LiveRun): boolean {
    const kill = this.around.killFor(run.entry, run.fenceRevision);
    if (kill && !run.kill) this.markKilled(run, { by: kill.order.by, why: kill.order.why, at: kill.at });
    if (run.kill) this.finish(run, resultOfKill(run.kill, this.clock.now()));
    return run.kill !== undefined;
  }

  /** The host answers, except where it was given nothing to start. */
  private endProcess(run: LiveRun): void {
    const reason = this.postponed.reasonOf(run);
    if (reason === undefined) this.host.kill(run.id);
    else this.finish(run, run.kill ? resultOfKill(run.kill, this.clock.now()) : this.missed(reason));
  }

  private markKilled(run: LiveRun, mark: KillMark): void {
    this.log.info('Ending a run', { runId: run.id, jobName: run.entry.jobName, by: mark.by, why: mark.why });
    run.note({ kill: mark });
  }

  private disown(run: LiveRun): void {
    this.log.warn('A run was declared lost, ending it', { runId: run.id, jobName: run.entry.jobName });
    run.isDisowned = true;
    this.endProcess(run);
  }

  private markRunning(): void {
    this.cancelMark = undefined;
    let waiting = false;
    for (const run of this.runs.values()) {
      if (run.phase !== 'running' || run.entry.state === 'running') continue;
      if (this.clock.now() - (run.entry.startTime ?? 0) < MARK_AFTER_MS) {
        waiting = true;
        continue;
      }
      run.note({ state: 'running' });
      this.recorder.record(runOfEntry(run.entry, this.factsOf(run)));
      void this.writer.rewrite(run).then((written) => {
        if (written === 'disowned') this.disown(run);
        else if (run.kill && run.phase !== 'ended') this.endProcess(run);
      });
    }
    if (waiting) this.cancelMark = this.clock.timer(MARK_EVERY_MS, () => this.markRunning());
  }

  private finish(run: LiveRun, result: RunResult): void {
    if (run.phase === 'ended') return;
    run.phase = 'ended';
    run.result = result;
    this.postponed.remove(run);
    this.releaseSlot();
    void this.writer.finish(run, result).then((end) => {
      if (end === 'stopped') return;
      this.host.settled?.(run.id);
      this.runs.delete(run.id);
      const ofJob = this.byJob.get(run.definition.name);
      ofJob?.delete(run);
      if (ofJob?.size === 0) this.byJob.delete(run.definition.name);
      this.report(run, result, end === 'disowned' || run.isDisowned);
      if (run.entry.lockSlot !== undefined) this.around.lockFreed(run.definition.name);
    });
  }

  private report(run: LiveRun, result: RunResult, isLate: boolean): void {
    const facts = this.factsOf(run);
    if (isLate) {
      const told = runOfEntry(run.entry, facts, result);
      // Of an end that is `lost` already its worker knows more, but no other.
      this.recorder.record(result.status === 'lost' ? told : { ...told, late: true });
      return;
    }
    const runs = runsOfEntry({ ...run.entry, state: 'finished', result }, facts);
    this.delivery.deliver(run.stored, runs);
  }

  private missed(reason: string): RunResult {
    return { status: 'missed', reason, endTime: this.clock.now() };
  }

  private factsOf({ definition, fence }: LiveRun): RunFacts {
    const command = definition.job?.command;
    return {
      ...(command === undefined ? {} : { command }),
      ...(fence === undefined ? {} : { fence }),
      ...(this.workerIp ? { workerIp: this.workerIp } : {}),
    };
  }
}

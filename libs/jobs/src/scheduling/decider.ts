import type { Clock, Log } from '@app/platform';
import { type Courier, NotDelivered } from '../claiming/courier.js';
import {
  type Answer,
  type Decision,
  decisionTransaction,
  type KnownCursor,
  type LockCondition,
  readAnswer,
} from '../claiming/decision.js';
import { sendClaim } from '../claiming/send-claim.js';
import type { Job } from '../job/job.js';
import { hasRunsLeft } from '../job/schedule-of.js';
import { lockSlots } from '../policy/lock-slots.js';
import { type FirePlan, planNextFire } from '../policy/misfire.js';
import type { JobDefinition } from '../registry/job-definition.js';
import type { Cursor } from '../store/cursor.js';
import type { Keys } from '../store/keys.js';
import type { LockHolder, RunEntry, SessionRef } from '../store/run-entry.js';
import type { CursorReader } from './cursor-reader.js';
import { adoption, claimEntry, type FireBase, giveUpEntry, missEntry, overlapEntry } from './entries.js';
import type { JobTrack } from './job-track.js';

/** A fire found later than this waits for a held lock under `runAll`, instead of being skipped as an overlap. */
const FOUND_LATE_MS = 2000;
const RETRY_MS = 1000;
/** A definition that changed reaches the registry in a moment. */
const DEFINITION_RETRY_MS = 200;

/** The lock a live run of this worker holds, as the store last said. */
export interface OwnLock {
  readonly holder: LockHolder;
  readonly lockRevision: number;
}

/** What the decider needs from the rest of the worker. */
export interface DeciderSurroundings {
  /** The session to claim with; undefined while there is no right to claim. */
  claiming(): SessionRef | undefined;
  /** Whether this worker is among those that may decide the job's fire of this time, as the fleet and the job are now. */
  mayDecide(track: JobTrack, scheduledTime: number): boolean;
  /** Holds a slot for a run that may come, until `releaseSlot`; false when none is free. A run that comes has its own. */
  reserveSlot(): boolean;
  releaseSlot(): void;
  hasFreeSlot(): boolean;
  /** The lock as a live run of ours holds it. `isEnding`: its end is on its way to the store. */
  ownLock(jobName: string, slot: number): (OwnLock & { readonly isEnding: boolean }) | undefined;
  /** A run became ours. `hasWaited`: it was due before, and a lock was in its way. */
  claimed(entry: RunEntry, revision: number, modRevision: number, definition: JobDefinition, hasWaited?: boolean): void;
  /** A decision that needs no running stands in the store and wants to be recorded. */
  decided(entry: RunEntry, modRevision: number): void;
  /** The definition before this one, for what it left undecided. */
  earlierOf(jobName: string): JobDefinition | undefined;
  /** Since when this schedule is known here, epoch milliseconds. */
  knownSince(jobName: string): number;
  /** Ask again for this track after so long. */
  later(track: JobTrack, delayMs: number): void;
  /** Fires wait because all slots are taken. */
  slotWanted(track: JobTrack): void;
  /** What the store said to a decision; undefined: it does not take it at all. */
  answered(answer: Answer | undefined): void;
}

/** How one decision went: `accepted`, `beaten` by another's, or refused for what else had changed: `again`. `done`: no more. */
type Step = 'accepted' | 'beaten' | 'again' | 'done';

/** All that one decision rests on, fixed when it is planned: what changes meanwhile makes the store refuse it. */
interface Turn {
  readonly track: JobTrack;
  readonly definition: JobDefinition;
  readonly known: KnownCursor;
  readonly session: SessionRef;
}

type ClaimPlan = FirePlan & { readonly kind: 'claim' };

/** Decides the due fires of one job at a time by PROTOCOL: one transaction each, read back when refused. */
export class Decider {
  /**
   * What a decision is being made for, never two at once for one job, and whether somebody asked again meanwhile; also
   * tracks of jobs that went, whose answer is still on its way.
   */
  private readonly deciding = new Map<JobTrack, { isWantedAgain: boolean }>();

  constructor(
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly courier: Courier,
    private readonly reader: CursorReader,
    private readonly around: DeciderSurroundings,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Decides whatever is due for the job now. While it is at it, asking again makes it look once more. Returns whether
   * another decided something first; undefined where nothing was decided.
   */
  async decide(track: JobTrack): Promise<boolean | undefined> {
    let wasBeaten: boolean | undefined;
    const underway = this.deciding.get(track);
    if (underway) {
      underway.isWantedAgain = true;
      return undefined;
    }
    const asked = { isWantedAgain: true };
    this.deciding.set(track, asked);
    try {
      while (asked.isWantedAgain && !this.stopping.aborted) {
        asked.isWantedAgain = false;
        for (let step = await this.step(track); step !== 'done'; step = await this.step(track)) {
          if (step !== 'again') wasBeaten ||= step === 'beaten';
        }
      }
    } catch (error) {
      if (!(error instanceof NotDelivered)) throw error;
      if (!this.stopping.aborted) {
        this.log.warn('A decision was not made, trying again', { jobName: track.name, error });
        this.around.later(track, RETRY_MS);
      }
    } finally {
      this.deciding.delete(track);
    }
    return wasBeaten;
  }

  /** Whether a decision for it is on its way. */
  isBusyWith(track: JobTrack): boolean {
    return this.deciding.has(track);
  }

  /** Whether a run could be started. */
  get hasFreeSlot(): boolean {
    return this.around.hasFreeSlot();
  }

  /** No decision is on its way. */
  get isIdle(): boolean {
    return this.deciding.size === 0;
  }

  /** Whether a decision about a job of this name is on its way, be it there or gone. */
  isDeciding(jobName: string): boolean {
    for (const { name } of this.deciding.keys()) if (name === jobName) return true;
    return false;
  }

  /** One decision, if one is due. */
  private async step(track: JobTrack): Promise<Step> {
    if (this.stopping.aborted) return 'done';
    if (!track.known) await track.read(() => this.reader.read(track.name));
    const { definition, known } = track;
    const session = this.around.claiming();
    if (session === undefined || definition.job === undefined) return 'done';
    if (known === undefined) {
      this.around.later(track, RETRY_MS);
      return 'done';
    }
    const turn: Turn = { track, definition, known, session };
    if (!track.isAdopted) return this.around.mayDecide(track, this.clock.now()) ? this.adopt(turn) : 'done';
    const cursor = known.cursor as Cursor;
    const { job, schedule } = definition;
    if (schedule === undefined || !hasRunsLeft(job, cursor.runs)) return 'done';
    const plan = planNextFire({
      schedule,
      job,
      jitter: (time) => track.jitter(time),
      decidedUntil: cursor.at,
      now: this.clock.now(),
    });
    if (plan === undefined) {
      track.waitingSince = undefined;
      return 'done';
    }
    // It may have waited for a lock, a slot or another look, and have gone to another group meanwhile.
    if (!this.around.mayDecide(track, plan.at)) return 'done';
    return plan.kind === 'miss' ? this.miss(turn, plan) : this.claim(turn, job, plan);
  }

  private async adopt(turn: Turn): Promise<Step> {
    const { definition, known, session } = turn;
    if (definition.job?.cronExpr === undefined && known.cursor === undefined) return 'done';
    const { next, entry } = adoption(
      definition,
      this.around.earlierOf(definition.name),
      known.cursor,
      this.around.knownSince(definition.name),
      session,
    );
    return this.conclude(turn, await this.send(turn, next, entry, { kind: 'none' }));
  }

  private async miss(turn: Turn, plan: FirePlan & { kind: 'miss' }): Promise<Step> {
    const entry = missEntry(this.base(turn, plan.at), plan.gap, plan.reason);
    return this.conclude(turn, await this.send(turn, moved(turn, plan.at, 0), entry, { kind: 'none' }));
  }

  private async claim(turn: Turn, job: Job, plan: ClaimPlan): Promise<Step> {
    const slots = lockSlots(job);
    const own = slots.length === 1 ? this.around.ownLock(job.name, 0) : undefined;
    if (own?.isEnding) return this.wait(turn.track);
    if (own) return this.meetLock(turn, job, plan, { slot: 0, ...own });
    if (!this.around.reserveSlot()) {
      this.around.slotWanted(turn.track);
      return 'done';
    }
    try {
      for (const slot of slots.length > 0 ? slots : [undefined]) {
        const entry = claimEntry(this.base(turn, plan.at), plan, slot);
        const lock: LockCondition = slot === undefined ? { kind: 'none' } : { kind: 'take', slot };
        const answer = await this.send(turn, moved(turn, plan.at, 1), entry, lock);
        if (answer.kind !== 'lockHeld') return this.conclude(turn, answer);
        if (slot === slots.at(-1)) return await this.meetLock(turn, job, plan, { slot: slot ?? 0, ...answer });
      }
      return 'done';
    } finally {
      this.around.releaseSlot();
    }
  }

  /** The lock is held. Skip the fire on the word of a live holder; wait where the holder's session is gone. */
  private async meetLock(turn: Turn, job: Job, plan: ClaimPlan, held: HeldLock): Promise<Step> {
    const { track } = turn;
    const { slot, lockRevision, holder } = held;
    const now = this.clock.now();
    const due = track.dueOf(plan.at);
    if (job.misfirePolicy === 'runAll' && now - due > FOUND_LATE_MS) return this.wait(track);
    if (holder) {
      const entry = overlapEntry(this.base(turn, plan.at), plan.gap, holder);
      const lock: LockCondition = { kind: 'heldBy', slot, lockRevision, holder };
      const answer = await this.send(turn, moved(turn, plan.at, 0), entry, lock);
      // What we believe of a lock of our own may be behind: the store would say so again and again.
      if (answer.kind === 'lockChanged' && this.around.ownLock(job.name, slot)) return this.wait(track);
      if (answer.kind !== 'holderGone') return this.conclude(turn, answer);
    }
    // Of a job that fires often the newest fire is always fresh; it has waited since the first of them met the lock.
    const waitingFrom = Math.min(track.waitingSince ?? now, plan.isCatchUp ? now : due);
    if (now - waitingFrom <= job.startingDeadlineSeconds * 1000) return this.wait(track);
    const entry = giveUpEntry(this.base(turn, plan.at), plan.gap, holder);
    const lock: LockCondition = { kind: 'unchanged', slot, lockRevision };
    return this.conclude(turn, await this.send(turn, moved(turn, plan.at, 0), entry, lock));
  }

  private wait(track: JobTrack): Step {
    track.waitingSince ??= this.clock.now();
    this.around.later(track, RETRY_MS);
    return 'done';
  }

  /** What an answer means for the track, but for a lock that is held. */
  private conclude({ track, definition }: Turn, answer: Answer): Step {
    switch (answer.kind) {
      case 'accepted': {
        const hasWaited = track.waitingSince !== undefined;
        track.relearn(answer.known);
        track.waitingSince = undefined;
        const { entry, revision, modRevision } = answer;
        if (entry && entry.state !== 'finished') {
          this.around.claimed(entry, revision, modRevision, definition, hasWaited);
        } else if (entry) this.around.decided(entry, modRevision);
        return 'accepted';
      }
      case 'cursorMoved':
        track.relearn(answer.known);
        return 'beaten';
      case 'lockChanged':
        return 'again';
      case 'lockHeld':
      case 'holderGone':
        return this.wait(track);
      case 'definitionChanged':
        this.around.later(track, DEFINITION_RETRY_MS);
        return 'done';
      case 'sessionGone':
        return 'done';
      default:
        return answer satisfies never;
    }
  }

  private async send(turn: Turn, next: Cursor, entry: RunEntry | undefined, lock: LockCondition): Promise<Answer> {
    const { definition, known, session } = turn;
    const decision: Decision = {
      jobName: definition.name,
      jobRevision: definition.revision,
      known,
      next,
      entry,
      session,
      lock,
    };
    return sendClaim(
      this.courier,
      decisionTransaction(this.keys, decision),
      (result) => readAnswer(decision, result),
      this.stopping,
      (answer) => this.around.answered(answer),
    );
  }

  private base(turn: Turn, at: number): FireBase {
    const { definition, known, session } = turn;
    return { definition, cursor: known.cursor as Cursor, session, at, now: this.clock.now() };
  }
}

interface HeldLock {
  readonly slot: number;
  readonly lockRevision: number;
  readonly holder: LockHolder | undefined;
}

function moved({ known }: Turn, at: number, more: number): Cursor {
  const { generation, fingerprint, since, runs, resets } = known.cursor as Cursor;
  return { at, generation, fingerprint, since, runs: runs + more, resets };
}

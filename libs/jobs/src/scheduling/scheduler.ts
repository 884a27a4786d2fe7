import type { CancelTimer, Clock } from '@app/platform';
import type { KnownCursor } from '../claiming/decision.js';
import { isSameSchedule } from '../registry/job-definition.js';
import type { JobChange } from '../registry/job-registry.js';
import type { FleetView } from '../session/fleet-view.js';
import { Agenda, type Appointment } from './agenda.js';
import type { CursorReader } from './cursor-reader.js';
import type { Decider } from './decider.js';
import { JobTrack } from './job-track.js';
import { REVIEW_AGE_MS, Review } from './review.js';
import { SlotQueue } from './slot-queue.js';
import { TakeoverPace } from './takeover-pace.js';

/** After the fire was due, the second- and third-ranked take over what is undecided. */
const TAKEOVER_MS = [0, 1500, 2500] as const;
/** What is taken over was undecided so long before as well: the claim of another may have been on its way. */
const CLAIM_UNDERWAY_MS = 150;
/** Looks at the clock at least so often, so that a step of the wall clock is noticed. */
const LONGEST_NAP_MS = 1000;
/** So many appointments are handled before other work gets its turn, or as many as there is time for. Milliseconds. */
const APPOINTMENTS_PER_TURN = 500;
const TURN_MS = 5;
/** A worker that is busy with its own fires looks at those of others so much later. */
const BUSY_LOOK_MS = 250;

/** Somebody wants to look at a job again: after a while, or to see whether others decided a fire. */
interface SecondLook extends Appointment {
  readonly track: JobTrack;
  /** The fire to take over; undefined: just decide what is due. */
  readonly fire: number | undefined;
  /** It was undecided when looked at a moment ago. */
  readonly wasUndecided?: boolean;
}

/**
 * Knows when each job fires and asks for decisions when this worker's turn comes: at once where it is first for the job,
 * a little later where it is second or third, and in a review for what it is first for *now*. Time is taken as ranges: a
 * late wake-up finds everything that became due meanwhile.
 */
export class Scheduler {
  private readonly tracks = new Map<string, JobTrack>();
  private readonly fires = new Agenda<JobTrack>();
  private readonly looks = new Agenda<SecondLook>();
  private readonly retries = new Map<JobTrack, SecondLook>();
  private readonly waitingForSlot: SlotQueue;
  private readonly pace = new TakeoverPace();
  private readonly review: Review;
  private cancelWake: CancelTimer | undefined;
  private cancelLook: CancelTimer | undefined;
  private wakeAt = Infinity;
  private isRunning = false;
  private takeovers = 0;
  /** All jobs that were there at the start are known. */
  private isListed = false;
  /** Those, until all cursors are read: only then a review tells what was left undecided. */
  private atStart: readonly JobTrack[] | undefined;

  constructor(
    private readonly workerId: string,
    private readonly clock: Clock,
    private readonly fleet: FleetView,
    private readonly reader: CursorReader,
    private readonly decider: Decider,
    /** Called at every wake-up, before anything is decided: a chance to see the clock jump. */
    private readonly onWake: () => void,
  ) {
    this.waitingForSlot = new SlotQueue(clock, (track) => this.rank(track, track.firstUndecided ?? clock.now()) <= 0);
    this.review = new Review(clock, this.tracks, {
      isFirstFor: (track, fire) => this.rank(track, fire) === 0 && this.actsFrom(fire, 0) <= clock.now(),
      takeOver: (track, fire) => this.takeOver(track, fire),
      takeovers: () => this.takeovers,
      isBusyWith: (track) => decider.isBusyWith(track),
    });
  }

  /**
   * Begins to decide what becomes due of the jobs that are known. The others may be told meanwhile, until `listed`; then
   * cursors are read and told by `learn`: a decision that comes before its cursor reads that one itself.
   */
  start(): void {
    this.isRunning = true;
    this.wake();
  }

  /** Every job that was there at the start is known: one that is told from now on is new. */
  listed(): void {
    this.isListed = true;
    this.atStart = [...this.tracks.values()];
  }

  /** A cursor as it was read after the start. Safe to repeat. */
  learn(jobName: string, known: KnownCursor): void {
    this.tracks.get(jobName)?.learn(known);
  }

  /** All cursors were read after the start: a job that was there and of which none was told has none yet. */
  learnedAll(): void {
    const tracks = this.atStart ?? [];
    this.atStart = undefined;
    if (this.isRunning) this.review.begin(tracks);
  }

  stop(): void {
    this.isRunning = false;
    this.cancelWake?.();
    this.cancelLook?.();
    this.waitingForSlot.clear();
    this.review.stop();
  }

  /** Takes over what the registry says. */
  apply(changes: readonly JobChange[]): void {
    for (const { name, definition } of changes) {
      const track = this.tracks.get(name);
      if (definition === undefined) {
        if (track) this.drop(track);
      } else if (track === undefined) {
        const added = new JobTrack(definition);
        this.tracks.set(name, added);
        this.armAnew(added);
        this.lookAtDefinition(added);
      } else {
        if (!isSameSchedule(track.definition, definition)) track.forgetCursor();
        track.definition = definition;
        this.armAnew(track);
        this.lookAtDefinition(track);
      }
    }
    this.planWake();
  }

  /** Looks again at everything this worker is first for: after a new session, a resumed one, a confirmed clock. */
  lookAgain(): void {
    if (this.isRunning && this.isListed && !this.atStart) this.review.lookNow();
  }

  /** The same at an instant of the wall clock: from when on a new session may act on what is due. */
  lookAgainAt(at: number): void {
    this.cancelLook?.();
    this.cancelLook = this.clock.timer(Math.max(0, at - this.clock.now()), () => this.lookAgain());
  }

  /** The decider wants another look at a job. Of several the soonest counts. */
  later(track: JobTrack, delayMs: number): void {
    if (this.tracks.get(track.name) !== track) return;
    const dueAt = this.clock.now() + delayMs;
    const planned = this.retries.get(track);
    if (planned && planned.agendaIndex >= 0 && planned.dueAt <= dueAt) return;
    const look = planned ?? { track, fire: undefined, dueAt, agendaIndex: -1, turn: track.turn };
    this.retries.set(track, look);
    this.looks.set(look, dueAt);
    this.planWake();
  }

  slotWanted(track: JobTrack): void {
    if (this.tracks.get(track.name) === track) this.waitingForSlot.add(track);
  }

  /** A slot may be free: the next of those that wait for one has its turn. */
  slotFreed(): void {
    const track = this.waitingForSlot.next(this.pace.hasRoom);
    if (!this.isRunning || !track || !this.decider.hasFreeSlot) return;
    this.waitingForSlot.remove(track);
    const fire = track.firstUndecided;
    const deciding = fire === undefined ? this.decider.decide(track) : this.act(track, fire, track.dueOf(fire));
    // Where others had decided its fire, the slot is there for the next.
    void deciding.then(() => this.slotFreed());
  }

  lockFreed(jobName: string): void {
    const track = this.tracks.get(jobName);
    if (this.isRunning && track?.waitingSince !== undefined) void this.decider.decide(track);
  }

  /** No decision is on its way. */
  get isIdle(): boolean {
    return this.decider.isIdle;
  }

  /** Whether a decision about a job of this name is on its way, be it there or gone. */
  isDeciding(jobName: string): boolean {
    return this.decider.isDeciding(jobName);
  }

  /** Whether this worker is among those that try for a fire of the job. */
  mayDecide(track: JobTrack, fire: number): boolean {
    return this.rank(track, fire) >= 0;
  }

  /** Place of this worker for a fire of the job. */
  private rank(track: JobTrack, fire: number): number {
    const { name, terms } = track.definition;
    if (terms === undefined) return -1;
    const { group, routing } = terms;
    const workOut = (): number => this.fleet.rankOf(this.workerId, { name, group, routing }, fire);
    return this.fleet.isSettledAt(fire) ? track.rankIn(this.fleet.version, workOut) : workOut();
  }

  /** A newcomer acts on fires at or before its `eligibleFrom` only from then on. */
  private actsFrom(fire: number, dueAt: number): number {
    const eligibleFrom = this.fleet.get(this.workerId)?.eligibleFrom ?? 0;
    return fire <= eligibleFrom ? Math.max(dueAt, eligibleFrom) : dueAt;
  }

  private drop(track: JobTrack): void {
    this.tracks.delete(track.name);
    this.fires.remove(track);
    this.waitingForSlot.remove(track);
    const retry = this.retries.get(track);
    if (retry) this.looks.remove(retry);
    this.retries.delete(track);
  }

  /** What is in its jitter now is not due yet: it stays on the agenda of a job that is edited, or has just been met. */
  private armAnew(track: JobTrack): void {
    const now = this.clock.now();
    const jitterMax = jitterMaxMs(track);
    const decidedUntil = track.known?.cursor?.at ?? -Infinity;
    this.arm(track, jitterMax === 0 ? now : Math.min(now, Math.max(decidedUntil, now - jitterMax - 1)));
  }

  /** Puts the first fire after the instant into the agenda. */
  private arm(track: JobTrack, after: number): void {
    const fire = track.definition.schedule?.next(after);
    if (fire === undefined) {
      this.fires.remove(track);
      return;
    }
    track.fire = fire;
    this.fires.set(track, track.dueOf(fire));
  }

  /** A definition that is new to us may need adopting, by whoever is first. */
  private lookAtDefinition(track: JobTrack): void {
    if (!this.isRunning || !this.isListed) return;
    const now = this.clock.now();
    this.takeTurn(track, now, now, -Infinity);
  }

  private wake(): void {
    this.cancelWake?.();
    this.cancelWake = undefined;
    this.wakeAt = Infinity;
    if (!this.isRunning) return;
    this.onWake();
    const now = this.clock.now();
    const turnEnds = this.clock.monotonic() + TURN_MS;
    for (let turn = 0; turn < APPOINTMENTS_PER_TURN && this.clock.monotonic() < turnEnds; turn++) {
      const look = this.looks.take(now);
      if (look) this.look(look);
      const track = this.fires.take(now);
      if (track) this.fire(track, now);
      if (!look && !track) break;
    }
    this.planWake();
  }

  private planWake(): void {
    if (!this.isRunning) return;
    const nextAt = Math.min(this.fires.nextAt ?? Infinity, this.looks.nextAt ?? Infinity);
    const now = this.clock.now();
    const at = Math.min(Math.max(nextAt, now), now + LONGEST_NAP_MS);
    if (this.cancelWake && this.wakeAt <= at) return;
    this.cancelWake?.();
    this.wakeAt = at;
    this.cancelWake = this.clock.timer(at - now, () => this.wake());
  }

  private fire(track: JobTrack, now: number): void {
    const { fire } = track;
    this.takeTurn(track, fire, track.dueOf(fire), fire);
    // Whatever else is due by now is decided in the same go.
    this.arm(track, Math.max(fire, now - jitterMaxMs(track) - 1));
  }

  /** Acts on a fire, or on a new definition, at the moment this worker's rank allows. */
  private takeTurn(track: JobTrack, fire: number, dueAt: number, undecided: number): void {
    const rank = this.rank(track, fire);
    const delay = TAKEOVER_MS[rank];
    if (delay === undefined) return;
    const at = this.actsFrom(fire, dueAt + (rank === 0 ? 0 : delay - CLAIM_UNDERWAY_MS));
    if (rank === 0 && at <= this.clock.now()) void this.act(track, undecided, dueAt);
    else this.planLook({ track, fire: undecided, turn: turnOfLook(track, rank) }, at);
  }

  /** Decides a fire that was due; where others may have done so meanwhile, a read is cheaper than a claim refused. */
  private async act(track: JobTrack, fire: number, dueAt: number): Promise<void> {
    const isFresh = this.clock.now() - dueAt < TAKEOVER_MS[1];
    if (isFresh) await this.decider.decide(track);
    else await this.takeOver(track, fire);
  }

  private look({ track, fire, turn, wasUndecided }: SecondLook): void {
    if (this.tracks.get(track.name) !== track) return;
    if (fire === undefined) void this.decider.decide(track);
    else if (this.isTooBusyFor(track, fire)) {
      const at = Math.min(this.clock.now() + BUSY_LOOK_MS, track.dueOf(fire) + REVIEW_AGE_MS);
      this.planLook({ track, fire, turn }, at);
    } else if (wasUndecided || this.isOld(track, fire)) void this.takeOver(track, fire);
    else void this.lookTwice(track, fire, turn);
  }

  private async lookTwice(track: JobTrack, fire: number, turn: number): Promise<void> {
    if (await this.isUndecided(track, fire)) {
      this.planLook({ track, fire, turn, wasUndecided: true }, this.clock.now() + CLAIM_UNDERWAY_MS);
      this.planWake();
    }
  }

  /**
   * Nothing could be started, or fires of its own wait: those of others would only be claimed twice. Not for long, as
   * their first worker may be dead.
   */
  private isTooBusyFor(track: JobTrack, fire: number): boolean {
    if (this.isOld(track, fire)) return false;
    return !this.waitingForSlot.isEmpty || !this.decider.hasFreeSlot;
  }

  private isOld(track: JobTrack, fire: number): boolean {
    return this.clock.now() - track.dueOf(fire) >= REVIEW_AGE_MS;
  }

  private planLook(look: Omit<SecondLook, 'dueAt' | 'agendaIndex'>, at: number): void {
    this.looks.set({ ...look, dueAt: at, agendaIndex: -1 }, at);
  }

  private async takeOver(track: JobTrack, fire: number): Promise<void> {
    if (this.rank(track, fire) <= 0) await this.decideUnlessDecided(track, fire);
    else if (await this.isUndecided(track, fire)) {
      await this.pace.run((hasWaited) =>
        hasWaited ? this.decideUnlessDecided(track, fire) : this.decideIfWanted(track),
      );
      // Others may have waited for that.
      this.slotFreed();
    } else if (this.isOwnDue(track)) await this.decideIfWanted(track);
  }

  /** Whether another was first; undefined where nothing was decided. */
  private async decideUnlessDecided(track: JobTrack, fire: number): Promise<boolean | undefined> {
    this.takeovers++;
    try {
      const isDue = (await this.isUndecided(track, fire)) || this.isOwnDue(track);
      return isDue ? await this.decideIfWanted(track) : undefined;
    } finally {
      this.takeovers--;
    }
  }

  /** A later fire than the one that others decided meanwhile. */
  private isOwnDue(track: JobTrack): boolean {
    const fire = track.firstUndecided;
    if (fire === undefined || this.rank(track, fire) !== 0) return false;
    return this.actsFrom(fire, track.dueOf(fire)) <= this.clock.now();
  }

  /** Time went by since it was asked for: the job may be gone, and this worker may be stopping. */
  private async decideIfWanted(track: JobTrack): Promise<boolean | undefined> {
    const isWanted = this.isRunning && this.tracks.get(track.name) === track;
    return isWanted ? this.decider.decide(track) : undefined;
  }

  /** Only the cursor proves that a fire is decided. */
  private async isUndecided(track: JobTrack, fire: number): Promise<boolean> {
    if (this.isBusyWith(track) || this.isDecided(track, fire)) return false;
    const known = await this.reader.read(track.name);
    if (known === undefined) {
      this.later(track, LONGEST_NAP_MS);
      return false;
    }
    if (this.isBusyWith(track)) return false;
    track.learn(known);
    return !this.isDecided(track, fire);
  }

  /** A decision is on its way. It may have found no slot, and end in a moment: it looks once more then. */
  private isBusyWith(track: JobTrack): boolean {
    const isBusy = this.decider.isBusyWith(track);
    if (isBusy) void this.decider.decide(track);
    return isBusy;
  }

  private isDecided(track: JobTrack, fire: number): boolean {
    return track.isAdopted && (track.known?.cursor?.at ?? -Infinity) >= fire;
  }
}

/**
 * Of fires due at one instant the first-ranked goes from the beginning of the row, the second-ranked comes from its end.
 * The third-ranked goes across: on either's way it would meet that one at each step, and both would claim.
 */
function turnOfLook({ turn }: JobTrack, rank: number): number {
  return rank > 1 ? Math.imul(turn, 0x9e3779b1) >>> 1 : -turn;
}

/** How much later than its time a fire of the job may be due. */
function jitterMaxMs({ definition }: JobTrack): number {
  return (definition.terms?.jitterSeconds ?? 0) * 1000;
}

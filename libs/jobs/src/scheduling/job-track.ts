import type { KnownCursor } from '../claiming/decision.js';
import { jitterMs } from '../job/schedule-of.js';
import { rendezvousWeight } from '../policy/rank.js';
import type { JobDefinition } from '../registry/job-definition.js';
import { type Cursor, isAdopted } from '../store/cursor.js';
import type { Appointment } from './agenda.js';
import { instantOf, isPackable, type Packed, pack } from './packed-instant.js';

/**
 * What one worker knows and plans of one job. A worker has a million, so nothing is held twice or wider than it is, and
 * every field has its value from the beginning: what V8 meets later it holds in another object.
 */
export class JobTrack implements Appointment {
  agendaIndex = -1;
  /** The same at every worker, and no favour to any name. */
  readonly turn: number;
  /** Since when a due fire waits for a lock, wall clock. */
  waitingSince: number | undefined = undefined;
  /** Scheduled time of the appointment in the agenda, if there ever was one, and how much later it is due. */
  private fireAt: Packed | undefined = undefined;
  private delayMs = 0;
  /** This worker's place for the job and the version of the fleet view that gave it, in one number. */
  private place = -1;
  private newest: KnownCursor | undefined = undefined;
  private isStale = true;
  private undecided: Packed | undefined = NOT_LOOKED;

  constructor(private plan: JobDefinition) {
    this.turn = rendezvousWeight(plan.name, '') >>> 1;
  }

  get name(): string {
    return this.plan.name;
  }

  /** Scheduled time of the appointment in the agenda. */
  get fire(): number {
    return this.fireAt === undefined ? 0 : instantOf(this.fireAt);
  }

  /** Due with it until told otherwise. */
  set fire(at: number) {
    this.fireAt = pack(at);
    this.delayMs = 0;
  }

  get dueAt(): number {
    return this.fire + this.delayMs;
  }

  set dueAt(at: number) {
    // Rounded it is a small number, which a difference of large ones is not.
    this.delayMs = Math.round(at - this.fire);
  }

  /** This worker's place for the job, 0 for the first, as worked out for a version of the fleet view; -1: it has none. */
  rankIn(version: number, workOut: () => number): number {
    if (Math.floor(this.place / RANKS) !== version) {
      this.place = version * RANKS + Math.min(workOut() + 1, RANKS - 1);
    }
    return (this.place % RANKS) - 1;
  }

  /** As it stands in the store, as far as this worker has heard. */
  get definition(): JobDefinition {
    return this.plan;
  }

  set definition(definition: JobDefinition) {
    this.plan = definition;
    this.undecided = NOT_LOOKED;
    this.place = -1;
  }

  /** The cursor as last read or written by us; undefined: to be read before the next decision. */
  get known(): KnownCursor | undefined {
    return this.isStale ? undefined : this.newest;
  }

  /**
   * Takes over what was read or written. A reading that took long may be older than what is known by now: it is not
   * believed, or a fire that is decided, run and forgotten would be decided again.
   */
  learn(known: KnownCursor): void {
    if (this.newest && known.revision < this.newest.revision) return;
    this.relearn(known);
  }

  /**
   * Reads it and takes that over. Where nothing else was learned meanwhile, the reading is newer than all that was known,
   * so it is believed whatever it says: the cursor was deleted, or the store restored.
   */
  async read(reading: () => Promise<KnownCursor | undefined>): Promise<void> {
    const { newest } = this;
    const read = await reading();
    if (read && this.newest === newest) this.relearn(read);
    else if (read) this.learn(read);
  }

  /**
   * Takes over what the answer to a decision showed, which was asked for after all that was known. So it is believed also
   * where it is older: the cursor was deleted, or the store restored. Else the same decision would be refused for ever.
   */
  relearn(known: KnownCursor): void {
    const { cursor, revision } = known;
    // Somebody decided: what waits now has not waited since then.
    if (cursor?.at !== this.newest?.cursor?.at) this.waitingSince = undefined;
    const isLive = cursor !== undefined && !cursor.deleted && isPackable(cursor.at);
    this.newest = isLive ? new LiveCursor(cursor, revision) : known;
    this.isStale = false;
    this.undecided = NOT_LOOKED;
  }

  /** The definition changed, and with it perhaps the cursor. */
  forgetCursor(): void {
    this.isStale = true;
    this.undecided = NOT_LOOKED;
  }

  /** Whether the cursor was moved for exactly this definition's schedule. */
  get isAdopted(): boolean {
    return isAdopted(this.known?.cursor, this.plan);
  }

  /** First fire after the cursor as it is known; undefined when there is none or nothing is known. Remembered. */
  get firstUndecided(): number | undefined {
    if (this.undecided === NOT_LOOKED) {
      const at = this.known?.cursor?.at;
      const fire = at === undefined ? undefined : this.plan.schedule?.next(at);
      this.undecided = fire === undefined ? undefined : pack(fire);
    }
    return this.undecided === undefined ? undefined : instantOf(this.undecided);
  }

  /** When a fire of this job is to start: its time and its jitter. */
  dueOf(fire: number): number {
    return fire + this.jitter(fire);
  }

  /** Delay of a fire of this job, milliseconds. */
  jitter(scheduledTime: number): number {
    const { name, terms } = this.plan;
    const jitterSeconds = terms?.jitterSeconds ?? 0;
    return jitterSeconds === 0 ? 0 : jitterMs({ name, jitterSeconds }, scheduledTime);
  }
}

/** Places told apart, none among them: whoever is behind these never has a turn. */
const RANKS = 8;

/** In place of a first undecided fire, all of which are whole seconds: nobody has looked since something changed. */
const NOT_LOOKED: Packed = pack(1);

/** The cursor of a job that is there, and its revision, in one small object. No `{...copy}` of it has `at`. */
class LiveCursor implements KnownCursor, Cursor {
  readonly generation: number;
  readonly fingerprint: string;
  readonly since: number | undefined;
  readonly runs: number;
  readonly resets: number;
  /** Until when all is decided; undefined: until `since`, as of a job that has not fired yet. */
  private readonly decided: Packed | undefined;

  constructor(
    { at, generation, fingerprint, since, runs, resets }: Cursor,
    readonly revision: number,
  ) {
    this.generation = generation;
    this.fingerprint = fingerprint;
    this.since = since;
    this.runs = runs;
    this.resets = resets;
    this.decided = at === since ? undefined : pack(at);
  }

  get at(): number {
    return this.decided === undefined ? (this.since as number) : instantOf(this.decided);
  }

  get cursor(): Cursor {
    return this;
  }
}

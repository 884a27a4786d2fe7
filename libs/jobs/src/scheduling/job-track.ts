import type { KnownCursor } from '../claiming/decision.js';
import { jitterMs } from '../job/schedule-of.js';
import type { JobDefinition } from '../registry/job-definition.js';
import type { Cursor } from '../store/cursor.js';
import type { Appointment } from './agenda.js';

/** What one worker knows and plans of one job. */
export class JobTrack implements Appointment {
  dueAt = 0;
  agendaIndex = -1;
  /** Scheduled time of the appointment in the agenda. */
  fire = 0;
  /** A decision is being made: never two at once for one job. */
  isDeciding = false;
  /** Somebody asked for a decision meanwhile. */
  isWantedAgain = false;
  /** Since when a due fire waits for a lock, wall clock. */
  waitingSince: number | undefined;
  /** This worker's place for the job, as of `rankVersion` of the fleet view. */
  rank = -1;
  rankVersion = -1;
  private newest: KnownCursor | undefined;
  private isStale = true;
  private undecided: number | undefined = NOT_LOOKED;

  constructor(private plan: JobDefinition) {}

  get name(): string {
    return this.plan.name;
  }

  /** As it stands in the store, as far as this worker has heard. */
  get definition(): JobDefinition {
    return this.plan;
  }

  set definition(definition: JobDefinition) {
    this.plan = definition;
    this.undecided = NOT_LOOKED;
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
   * Takes over what the answer to a decision showed, which was asked for after all that was known. So it is believed also
   * where it is older: the cursor was deleted, or the store restored. Else the same decision would be refused for ever.
   */
  relearn(known: KnownCursor): void {
    this.newest = known.cursor ? new CompactCursor(known.cursor, known.revision) : known;
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
    const cursor = this.known?.cursor;
    return (
      cursor !== undefined &&
      cursor.deleted !== true &&
      cursor.generation === this.plan.createRevision &&
      cursor.fingerprint === this.plan.fingerprint
    );
  }

  /** First fire after the cursor as it is known; undefined when there is none or nothing is known. Remembered. */
  get firstUndecided(): number | undefined {
    if (this.undecided === NOT_LOOKED) {
      const at = this.known?.cursor?.at;
      this.undecided = at === undefined ? undefined : this.plan.schedule?.next(at);
    }
    return this.undecided;
  }

  /** Delay of a fire of this job, milliseconds. */
  jitter(scheduledTime: number): number {
    const { name, terms } = this.plan;
    const jitterSeconds = terms?.jitterSeconds ?? 0;
    return jitterSeconds === 0 ? 0 : jitterMs({ name, jitterSeconds }, scheduledTime);
  }
}

/** In place of a first undecided fire: nobody has looked since something changed. No fire is before 1970. */
const NOT_LOOKED = -1;

/** A cursor and its revision in one object of one shape: a worker knows a million. */
class CompactCursor implements KnownCursor, Cursor {
  readonly at: number;
  readonly generation: number;
  readonly fingerprint: string;
  readonly since: number | undefined;
  readonly runs: number;
  readonly resets: number;
  readonly deleted: boolean | undefined;

  constructor(
    { at, generation, fingerprint, since, runs, resets, deleted }: Cursor,
    readonly revision: number,
  ) {
    this.at = at;
    this.generation = generation;
    this.fingerprint = fingerprint;
    this.since = since;
    this.runs = runs;
    this.resets = resets;
    this.deleted = deleted;
  }

  get cursor(): Cursor {
    return this;
  }
}

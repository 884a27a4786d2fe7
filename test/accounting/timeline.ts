/** Nobody's wall clock is off by more in a world without clock faults. */
const SLACK_MS = 1600;

interface Era {
  /** Fires at every multiple of it since the epoch; undefined: none. Milliseconds. */
  readonly periodMs: number | undefined;
  readonly from: number;
  /** Exclusive. */
  until: number;
}

/** A definition that was in force from an instant on, as whoever put it was told. */
interface Acknowledged {
  readonly definition: number;
  readonly at: number;
}

/**
 * What a job was meant to fire, by plain arithmetic on what was acknowledged to whom: the oracle. Around each change lies
 * a murky stretch, in which a fire may belong to either definition.
 */
export class Timeline {
  private readonly eras: Era[] = [];
  private readonly murky: { from: number; until: number }[] = [];
  private readonly acknowledged: Acknowledged[] = [];
  private openMurk: { from: number; until: number } | undefined;

  constructor(
    readonly jobName: string,
    /** How long after its time a fire may still start without being called caught up. */
    readonly latestStartMs = 60_000,
  ) {}

  /** Somebody has sent a change: from now on nothing is certain. */
  changing(at: number): void {
    const era = this.eras.at(-1);
    if (era && era.until === Infinity) era.until = at - SLACK_MS;
    if (this.openMurk) return;
    this.openMurk = { from: at - SLACK_MS, until: Infinity };
    this.murky.push(this.openMurk);
  }

  /** The change is in force. Where its commands tell which definition they are of, a greater one is the newer. */
  changed(periodMs: number | undefined, at: number, definition?: number): void {
    if (definition !== undefined) this.acknowledged.push({ definition, at });
    if (this.openMurk) this.openMurk.until = at + SLACK_MS;
    this.openMurk = undefined;
    this.eras.push({ periodMs, from: at + SLACK_MS, until: Infinity });
  }

  /** The fires that must be accounted for, exactly once each, ascending, up to `end`. */
  *certainFires(end: number): Generator<number> {
    for (const { periodMs, from, until } of this.eras) {
      if (periodMs === undefined) continue;
      const last = Math.min(until, end);
      for (let fire = Math.ceil(from / periodMs) * periodMs; fire < last; fire += periodMs) {
        if (!this.isMurky(fire)) yield fire;
      }
    }
  }

  /** Whether a fire at this instant would be one too many. */
  isForbidden(fire: number): boolean {
    if (this.isMurky(fire)) return false;
    const era = this.eras.find(({ from, until }) => fire >= from && fire < until);
    return era?.periodMs === undefined || fire % era.periodMs !== 0;
  }

  /** The newest definition that was acknowledged before an instant: none older may be claimed from then on. */
  definitionAt(instant: number): number {
    return Math.max(0, ...this.acknowledged.filter(({ at }) => at < instant).map(({ definition }) => definition));
  }

  private isMurky(fire: number): boolean {
    return this.murky.some(({ from, until }) => fire >= from && fire <= until);
  }
}

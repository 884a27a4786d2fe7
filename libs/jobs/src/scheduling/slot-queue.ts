import type { Clock } from '@app/platform';
import type { JobTrack } from './job-track.js';

/** Fires of others stand so far behind a worker's own. */
const OTHERS_BEHIND_MS = 15_000;

/**
 * Jobs whose fires found no slot on this worker. Those it is first for go before those it would take over from others, but
 * not before one that has waited much longer: its first worker may be dead.
 */
export class SlotQueue {
  /** Each with the instant at which it was put here, the first of all first. */
  private readonly own = new Map<JobTrack, number>();
  private readonly others = new Map<JobTrack, number>();

  constructor(
    private readonly clock: Clock,
    /** Whether this worker is first for what the job waits with. */
    private readonly isOwn: (track: JobTrack) => boolean,
  ) {}

  get isEmpty(): boolean {
    return this.own.size + this.others.size === 0;
  }

  /** Puts it at the end, or leaves it where it stands; whose it is may have changed. */
  add(track: JobTrack): void {
    const [to, from] = this.isOwn(track) ? [this.own, this.others] : [this.others, this.own];
    from.delete(track);
    if (!to.has(track)) to.set(track, this.clock.now());
  }

  remove(track: JobTrack): void {
    this.own.delete(track);
    this.others.delete(track);
  }

  clear(): void {
    this.own.clear();
    this.others.clear();
  }

  /** Whose turn it is; of others' only where one may be taken over now. */
  next(mayTakeOver: boolean): JobTrack | undefined {
    const [own] = this.own;
    const [other] = mayTakeOver ? this.others : [];
    if (!own || !other) return (own ?? other)?.[0];
    return waitsSince(...other) + OTHERS_BEHIND_MS < waitsSince(...own) ? other[0] : own[0];
  }
}

/** What is due may have changed since it was put here: fires of others are decided by them, jobs are edited. */
function waitsSince(track: JobTrack, putAt: number): number {
  const fire = track.firstUndecided;
  return fire === undefined ? putAt : Math.min(putAt, track.dueOf(fire));
}

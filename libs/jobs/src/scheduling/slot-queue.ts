import type { Clock } from '@app/platform';
import type { JobTrack } from './job-track.js';

/** Fires of others stand so far behind a worker's own. */
const OTHERS_BEHIND_MS = 15_000;

/**
 * Jobs whose fires found no slot on this worker. Those it is first for go before those it would take over from others, but
 * not before one that has waited much longer: its first worker may be dead.
 */
export class SlotQueue {
  private readonly own = new Set<JobTrack>();
  private readonly others = new Set<JobTrack>();

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
    to.add(track);
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
    if (!own || !other) return own ?? other;
    return this.dueAt(other) + OTHERS_BEHIND_MS < this.dueAt(own) ? other : own;
  }

  private dueAt(track: JobTrack): number {
    return track.dueOf(track.firstUndecided ?? this.clock.now());
  }
}

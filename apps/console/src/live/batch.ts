import type { Change, FeedMessage } from './changes';

/** More things than this changed at once: reading again is cheaper than telling each. */
const MOST = 2_000;

/**
 * Gathers changes between two tellings: the latest of each job, worker and run, in the order of their last change.
 * Bounded, whatever the volume: beyond 2,000 things it only remembers that all must be read again.
 */
export class ChangeBatch {
  private readonly latest = new Map<string, Change>();
  private isFull = false;

  add(change: Change): void {
    if (this.isFull) {
      return;
    }
    const key = `${change.kind} ${change.kind === 'job' ? change.name : change.id}`;
    this.latest.delete(key);
    this.latest.set(key, change);
    if (this.latest.size > MOST) {
      this.lose();
    }
  }

  /** Changes were lost. */
  lose(): void {
    this.isFull = true;
    this.latest.clear();
  }

  get isEmpty(): boolean {
    return !this.isFull && this.latest.size === 0;
  }

  /** What has gathered; `reset` where it was too much or something was lost. Begins anew. */
  take(): readonly Change[] | 'reset' {
    const taken = this.isFull ? 'reset' : [...this.latest.values()];
    this.latest.clear();
    this.isFull = false;
    return taken;
  }

  /** The same as a page is told it. */
  takeMessage(): FeedMessage {
    const changes = this.take();
    return changes === 'reset' ? { type: 'reset' } : { type: 'changes', changes };
  }
}

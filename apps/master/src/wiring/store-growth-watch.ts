import { Compacted, type CoordinationStore, StoreRefused } from '@app/etcd';
import type { Keys } from '@app/jobs';
import { type CancelTimer, type Clock, mayPass } from '@app/platform';
import type { StoreGrowth } from '../ports/cluster-status.js';

const LOOK_EVERY_MS = 10 * 60_000;
/** A leader keeps one hour of revisions, and after a change of leaders the next one needs another. */
const UNCOMPACTED_MS = 3 * 3_600_000;

/** The store at one moment. */
interface Mark {
  readonly at: number;
  readonly since: number;
  readonly revision: number;
  readonly bytes: number;
}

/**
 * Notices that nobody compacts the store: what it was three hours ago can still be read. Then it also knows what the
 * store grew by since. Asks the store every ten minutes, and tells nothing in its first three hours.
 */
export class StoreGrowthWatch {
  private marks: readonly Mark[] = [];
  private known: StoreGrowth | undefined;
  private cancelTimer: CancelTimer | undefined;

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  /** As of the last look; undefined where somebody compacts, or where that is not known yet. */
  get growth(): StoreGrowth | undefined {
    return this.known;
  }

  /** Begins to look, at once. */
  start(): void {
    void this.look();
    this.cancelTimer = this.clock.timer(LOOK_EVERY_MS, () => this.start());
  }

  /** Ends it. Safe to repeat. */
  stop(): void {
    this.cancelTimer?.();
  }

  private async look(): Promise<void> {
    try {
      const { revision, dbSizeBytes, dbInUseBytes = dbSizeBytes } = await this.store.status();
      const mark = { at: this.clock.monotonic(), since: this.clock.now(), revision, bytes: dbInUseBytes };
      const old = this.marks.filter(({ at }) => mark.at - at >= UNCOMPACTED_MS).at(-1);
      this.marks = [...this.marks.filter(({ at }) => !old || at >= old.at), mark];
      this.known = old && (await this.grownSince(old, mark));
    } catch (error) {
      // The store is away, and that is said elsewhere; or it does not tell everybody, and nothing is known then.
      if (!mayPass(error)) throw error;
    }
  }

  private async grownSince(old: Mark, now: Mark): Promise<StoreGrowth | undefined> {
    try {
      await this.store.range(this.keys.leader, { limit: 1, keysOnly: true, revision: old.revision });
      return { since: old.since, overMs: now.at - old.at, grownBytes: now.bytes - old.bytes };
    } catch (error) {
      // Refused: a restored store does not know the revision yet.
      if (error instanceof Compacted || error instanceof StoreRefused) return undefined;
      throw error;
    }
  }
}

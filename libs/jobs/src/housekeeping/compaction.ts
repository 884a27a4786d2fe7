import { Compacted, type CoordinationStore } from '@app/etcd';
import type { Clock, Log } from '@app/platform';
import type { Keys } from '../store/keys.js';

const MARK_EVERY_MS = 5 * 60_000;
const KEEP_HISTORY_MS = 3_600_000;
/** A fleet that fires 200 times a second writes so many in a few minutes; they take about a hundred megabytes. */
const KEEP_REVISIONS = 100_000;

/**
 * Keeps the store's own history bounded: where a revision of an hour ago is still readable, or more than so many are,
 * nobody else compacts, so we do. The number needs no memory: it holds also where no leader lasts for an hour. etcd's own
 * auto-compaction is off by default and cannot be asked for.
 */
export class Compaction {
  private marks: { readonly at: number; readonly revision: number }[] = [];

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Throws StoreUnavailable. */
  async look(): Promise<void> {
    const now = this.clock.monotonic();
    const { revision } = await this.store.range(this.keys.leader, { limit: 1, keysOnly: true });
    const latest = this.marks.at(-1);
    if (!latest || now - latest.at >= MARK_EVERY_MS) this.marks.push({ at: now, revision });
    const anHourAgo = this.marks.filter(({ at }) => now - at >= KEEP_HISTORY_MS).at(-1);
    if (anHourAgo) this.marks = this.marks.filter(({ at }) => at > anHourAgo.at);
    const old = Math.max(anHourAgo?.revision ?? 0, revision - KEEP_REVISIONS);
    if (old > 0 && (await this.isReadable(old))) await this.compact(old);
  }

  private async isReadable(revision: number): Promise<boolean> {
    try {
      await this.store.range(this.keys.leader, { limit: 1, keysOnly: true, revision });
      return true;
    } catch (error) {
      if (error instanceof Compacted) return false;
      throw error;
    }
  }

  private async compact(revision: number): Promise<void> {
    await this.store.compact(revision);
    this.log.info('Compacted the coordination store', { revision });
  }
}

import { Compacted, type CoordinationStore } from '@app/etcd';
import type { Clock, Log } from '@app/platform';
import type { Keys } from '../store/keys.js';

const MARK_EVERY_MS = 5 * 60_000;
const KEEP_HISTORY_MS = 3_600_000;

/**
 * Keeps the store's own history bounded: where a revision of an hour ago is still readable, nobody else compacts, so we
 * do. etcd's own auto-compaction is off by default and cannot be asked for.
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
    const latest = this.marks.at(-1);
    if (!latest || now - latest.at >= MARK_EVERY_MS) {
      const { revision } = await this.store.range(this.keys.leader, { limit: 1, keysOnly: true });
      this.marks.push({ at: now, revision });
    }
    const old = this.marks.filter(({ at }) => now - at >= KEEP_HISTORY_MS).at(-1);
    if (!old) return;
    this.marks = this.marks.filter(({ at }) => at > old.at);
    try {
      await this.store.range(this.keys.leader, { limit: 1, keysOnly: true, revision: old.revision });
    } catch (error) {
      if (error instanceof Compacted) return;
      throw error;
    }
    await this.store.compact(old.revision);
    this.log.info('Compacted the coordination store', { revision: old.revision });
  }
}

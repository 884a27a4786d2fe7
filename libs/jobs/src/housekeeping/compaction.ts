import { Compacted, type CoordinationStore } from '@app/etcd';
import type { Clock, Log } from '@app/platform';
import type { Keys } from '../store/keys.js';
import { readBeat } from '../store/presence.js';

const KEEP_MS = 3_600_000;
/** With more than this in use, a shorter time is kept: a fleet that fires 200 times a second fills a default etcd in two hours. */
const ROOMY_BYTES = 64 * 1024 ** 2;
const KEEP_IF_LARGE_MS = 10 * 60_000;
/** Beats that are looked at to know what time it was. */
const BEATS = 50;

/**
 * Keeps the store's own history bounded: where a revision of an hour ago is still readable, of ten minutes ago when much
 * is in use, nobody else compacts, so we do. etcd's own auto-compaction is off by default and cannot be asked for.
 *
 * What time it was at a revision, the beats of the workers tell as they stood then. So nothing has to be remembered, and
 * leaders may change as often as they like.
 */
export class Compaction {
  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Throws StoreUnavailable. */
  async look(): Promise<void> {
    const { revision, dbSizeBytes, dbInUseBytes = dbSizeBytes } = await this.store.status();
    const keepMs = dbInUseBytes > ROOMY_BYTES ? KEEP_IF_LARGE_MS : KEEP_MS;
    const old = await this.lastBefore(this.clock.now() - keepMs, revision);
    if (old === undefined) return;
    await this.store.compact(old);
    this.log.info('Compacted the coordination store', { revision: old });
  }

  /** The last revision before an instant; undefined where it is no longer readable, or there is none. */
  private async lastBefore(instant: number, newest: number): Promise<number | undefined> {
    let [before, after] = [0, newest + 1];
    let isReadable = false;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      const time = await this.timeAt(middle);
      if (time === 'compacted' || time <= instant) {
        before = middle;
        isReadable = time !== 'compacted';
      } else {
        after = middle;
      }
    }
    return isReadable ? before : undefined;
  }

  /** Epoch milliseconds; for ever ahead where no worker was there to tell. */
  private async timeAt(revision: number): Promise<number | 'compacted'> {
    try {
      const { entries } = await this.store.range(this.keys.beats, { revision, limit: BEATS });
      const clocks = entries.map(({ value }) => readBeat(value)?.clock ?? 0);
      return clocks.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...clocks);
    } catch (error) {
      if (error instanceof Compacted) return 'compacted';
      throw error;
    }
  }
}

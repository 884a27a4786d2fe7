import { type CoordinationStore, pagesOf } from '@app/etcd';
import { below, type JobRegistry, type Keys, readCursor } from '@app/jobs';
import type { Clock } from '@app/platform';

/** So far ahead of this master's clock a cursor is an alarm: no worker's clock may be off by half as much. */
const AHEAD_MS = 60_000;
/** Nobody watches cursors: they are read anew this often at most, and only while somebody asks. */
const READ_EVERY_MS = 60_000;

/** The jobs that stand still because their cursor is in the future: fires up to it count as decided. */
export class FutureCursors {
  private known: readonly string[] = [];
  private readAt: number | undefined;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly registry: JobRegistry,
    private readonly clock: Clock,
  ) {}

  /** Their names, in order, as of a minute ago at most; the first answer waits for a reading. Never throws. */
  async names(): Promise<readonly string[]> {
    const isFirst = this.readAt === undefined;
    const isOld = isFirst || this.clock.monotonic() - (this.readAt ?? 0) >= READ_EVERY_MS;
    if (isOld && !this.reading) {
      this.reading = this.read().finally(() => {
        this.reading = undefined;
      });
    }
    if (isFirst) {
      await this.reading;
    }
    return this.known;
  }

  private async read(): Promise<void> {
    const names: string[] = [];
    try {
      for await (const { entries } of pagesOf(this.store, this.keys.cursors)) {
        const latest = this.clock.now() + AHEAD_MS;
        for (const { key, value } of entries) {
          const name = below(this.keys.cursors, key);
          const cursor = readCursor(value);
          const isAhead = cursor !== undefined && !cursor.deleted && cursor.at > latest;
          if (isAhead && this.registry.get(name)?.schedule) names.push(name);
        }
      }
    } catch {
      // The store is away, and that is said elsewhere; what was known stays until the next reading.
      return;
    }
    this.known = names;
    this.readAt = this.clock.monotonic();
  }
}

import { type CoordinationStore, listAll, type Transaction } from '@app/etcd';
import type { Clock } from '@app/platform';
import type { Keys } from '../store/keys.js';

const KEEP_MS = 10 * 60_000;

/** Removes kill orders ten minutes after we first saw them. */
export class OldKills {
  private readonly seenAt = new Map<string, number>();

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  /** Throws StoreUnavailable. */
  async look(): Promise<void> {
    const { entries } = await listAll(this.store, this.keys.killers);
    const now = this.clock.monotonic();
    const seen = new Set<string>();
    const removals: Transaction[] = [];
    for (const { key, modRevision } of entries) {
      const id = `${key}\n${modRevision}`;
      seen.add(id);
      const since = this.seenAt.get(id) ?? now;
      this.seenAt.set(id, since);
      if (now - since < KEEP_MS) continue;
      removals.push({ compare: [{ key, field: 'modRevision', equals: modRevision }], then: [{ kind: 'delete', key }] });
    }
    for (const id of this.seenAt.keys()) if (!seen.has(id)) this.seenAt.delete(id);
    if (removals.length > 0) await this.store.transactAll(removals);
  }
}

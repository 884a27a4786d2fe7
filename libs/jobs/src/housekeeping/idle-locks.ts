import type { CoordinationStore } from '@app/etcd';
import type { Log } from '@app/platform';
import { below, type Keys } from '../store/keys.js';
import { readLockHolder } from '../store/run-entry.js';
import type { Census } from './census.js';

/**
 * Locks whose run has ended or is not there: freed when seen so twice at one revision. A run frees its lock in the
 * transaction that ends it, so there should be none; but the store is open to other clients.
 */
export class IdleLocks {
  private suspects = new Map<string, number>();

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly log: Log,
  ) {}

  reset(): void {
    this.suspects.clear();
  }

  async look(census: Census): Promise<void> {
    const suspects = new Map<string, number>();
    for (const { key, value, modRevision } of census.locks) {
      const holder = readLockHolder(value);
      // A lock that some other program put is its own affair.
      if (!holder) continue;
      const jobName = below(this.keys.locks, key).split('/')[0] ?? '';
      const run = census.runs.get(`${jobName}/${holder.runId}`);
      if (run && run.entry.state !== 'finished') continue;
      if (this.suspects.get(key) !== modRevision) {
        suspects.set(key, modRevision);
        continue;
      }
      this.log.warn('Freeing a lock that no live run holds', { key, runId: holder.runId });
      const runKey = this.keys.run(jobName, holder.runId);
      await this.store.transactAll([
        {
          compare: [
            { key, field: 'modRevision', equals: modRevision },
            { key: runKey, field: 'modRevision', equals: run?.modRevision ?? 0 },
          ],
          then: [{ kind: 'delete', key }],
        },
      ]);
    }
    this.suspects = suspects;
  }
}

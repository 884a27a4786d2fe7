import { type CoordinationStore, KeyMirror } from '@app/etcd';
import type { Clock, Log } from '@app/platform';
import { below, type Keys } from '../store/keys.js';
import { type KillOrder, readKillOrder } from '../store/kill-order.js';
import type { RunEntry } from '../store/run-entry.js';

/**
 * The kills that stand under `killer/`: told as they come, and asked for when a claim is about to be started. A kill is a
 * state, so a mirror that was cut off and listed again has missed none.
 */
export class KillWatch {
  readonly mirror: KeyMirror;

  constructor(
    store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    log: Log,
    /** A kill was put; `revision` says which claims are older. */
    onKill: (jobName: string, order: KillOrder, revision: number) => void,
  ) {
    this.mirror = new KeyMirror(store, keys.killers, {
      clock,
      log,
      onChange: (changes) => {
        for (const { key, entry } of changes) {
          if (entry) onKill(below(keys.killers, key), readKillOrder(entry.value), entry.modRevision);
        }
      },
    });
  }

  /** The kill that means this run; undefined when there is none. */
  killFor(entry: RunEntry, fenceRevision: number): { readonly order: KillOrder; readonly at: number } | undefined {
    const found = this.mirror.get(this.keys.killer(entry.jobName));
    if (!found) return undefined;
    const order = readKillOrder(found.value);
    const isMeant = order.runId === undefined ? found.modRevision > fenceRevision : order.runId === entry.runId;
    return isMeant ? { order, at: this.clock.now() } : undefined;
  }

  /** Whether a kill of the job was put after this revision. */
  wasKilledSince(jobName: string, revision: number): boolean {
    return (this.mirror.get(this.keys.killer(jobName))?.modRevision ?? 0) > revision;
  }
}

import { type CoordinationStore, KeyMirror } from '@app/etcd';
import type { Clock, Log } from '@app/platform';
import { below, type Keys } from '../store/keys.js';
import { type KillOrder, readKillOrder } from '../store/kill-order.js';
import type { RequestEntry } from '../store/request-entry.js';
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

  /**
   * The kill that cancels a request put at this revision; undefined when there is none. A retry is killed with the run
   * it follows: that one's end may have been on its way when the kill was put, and the retry then stands there as the
   * newer of the two.
   */
  killOf(request: RequestEntry, revision: number): KillOrder | undefined {
    const found = this.mirror.get(this.keys.killer(request.jobName));
    if (!found) return undefined;
    const order = readKillOrder(found.value);
    const isMeant =
      order.runId === undefined
        ? found.modRevision > (request.after?.fenceRevision ?? revision)
        : order.runId === request.runId || order.runId === request.after?.runId;
    return isMeant ? order : undefined;
  }

  /** Revision at which the kill of the job that is known here was put; 0: none is known. */
  revisionOf(jobName: string): number {
    return this.mirror.get(this.keys.killer(jobName))?.modRevision ?? 0;
  }
}

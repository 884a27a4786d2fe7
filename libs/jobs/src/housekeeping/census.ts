import { type CoordinationStore, type Entry, listAll } from '@app/etcd';
import { below, type Keys } from '../store/keys.js';
import { type RunEntry, readRunEntry } from '../store/run-entry.js';

/** A run as it stands in the store. */
export interface CountedRun {
  readonly entry: RunEntry;
  readonly modRevision: number;
  readonly createRevision: number;
}

/** What is alive, read at one revision. */
export interface Census {
  readonly revision: number;
  /** Leases of the workers that are there. */
  readonly sessions: ReadonlySet<string>;
  /** By `jobName/runId`. */
  readonly runs: ReadonlyMap<string, CountedRun>;
  /** By key below `lock/`. */
  readonly locks: readonly Entry[];
}

/** Counts workers, runs and locks. Throws StoreUnavailable, Compacted. */
export async function takeCensus(store: CoordinationStore, keys: Keys): Promise<Census> {
  const locks = await listAll(store, keys.locks);
  const { revision } = locks;
  const [workers, runEntries] = await Promise.all([
    listAll(store, keys.workers, revision),
    listAll(store, keys.runs, revision),
  ]);
  const runs = new Map<string, CountedRun>();
  for (const { key, value, modRevision, createRevision } of runEntries.entries) {
    const entry = readRunEntry(value);
    // A value that names another run than its key was put there by another client: it is nobody's.
    if (entry && key === keys.run(entry.jobName, entry.runId))
      runs.set(below(keys.runs, key), { entry, modRevision, createRevision });
  }
  return {
    revision,
    sessions: new Set(workers.entries.map((entry) => entry.lease ?? '')),
    runs,
    locks: locks.entries,
  };
}

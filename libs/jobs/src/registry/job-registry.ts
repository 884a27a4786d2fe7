import { type CoordinationStore, type KeyChange, KeyMirror } from '@app/etcd';
import type { Clock, Log } from '@app/platform';
import { below, type Keys } from '../store/keys.js';
import { isSameSchedule, type JobDefinition, readDefinition, readSpareDefinition } from './job-definition.js';

/** A job appeared or changed (`definition`) or went (`previous` alone). */
export interface JobChange {
  readonly name: string;
  readonly definition: JobDefinition | undefined;
  readonly previous: JobDefinition | undefined;
}

/**
 * All jobs, kept equal to the store by a mirror: listed, watched, listed again. Values that are no jobs are there too,
 * as invalid ones with their reason.
 */
export class JobRegistry {
  private readonly byName = new Map<string, JobDefinition>();
  private readonly earlier = new Map<string, JobDefinition>();
  private readonly listeners: ((changes: readonly JobChange[]) => void)[] = [];
  private readonly mirror: KeyMirror;
  private started: Promise<void> | undefined;

  constructor(
    store: CoordinationStore,
    private readonly keys: Keys,
    clock: Clock,
    log: Log,
    /** Keeps documents as text, to be parsed again when asked for: see `readSpareDefinition`. */
    private readonly isSpare = false,
  ) {
    this.mirror = new KeyMirror(store, keys.jobs, {
      clock,
      log,
      keepsValues: false,
      onChange: (changes) => this.apply(changes),
    });
  }

  /** Resolves when every job is known. Asking again gives the same answer. */
  start(): Promise<void> {
    this.started ??= this.mirror.start();
    return this.started;
  }

  close(): void {
    this.mirror.close();
  }

  /**
   * Calls back with every change, in the order of the store; first, before it returns, with what is known already. So a
   * listener misses nothing, whether it comes before the first list or after.
   */
  onChange(listener: (changes: readonly JobChange[]) => void): void {
    const known = [...this.byName.values()].map((definition) => ({
      name: definition.name,
      definition,
      previous: undefined,
    }));
    this.listeners.push(listener);
    if (known.length > 0) listener(known);
  }

  get(name: string): JobDefinition | undefined {
    return this.byName.get(name);
  }

  /**
   * The last definition before this one whose schedule was another, also of a job that went: for what it left undecided.
   * undefined where this process never saw one.
   */
  earlierOf(name: string): JobDefinition | undefined {
    return this.earlier.get(name);
  }

  all(): IterableIterator<JobDefinition> {
    return this.byName.values();
  }

  get size(): number {
    return this.byName.size;
  }

  /** For health: how far behind the store it may be, in milliseconds. */
  get lagMs(): number {
    return this.mirror.lagMs;
  }

  get revision(): number {
    return this.mirror.revision;
  }

  private apply(changes: readonly KeyChange[]): void {
    const told: JobChange[] = [];
    for (const { key, entry } of changes) {
      const name = below(this.keys.jobs, key);
      const previous = this.byName.get(name);
      if (entry === undefined) {
        if (previous === undefined) continue;
        this.byName.delete(name);
        this.earlier.set(name, previous);
        told.push({ name, definition: undefined, previous });
      } else if (previous?.revision !== entry.modRevision) {
        const definition = this.isSpare ? readSpareDefinition(name, entry) : readDefinition(name, entry);
        this.byName.set(name, definition);
        if (previous && !isSameSchedule(previous, definition)) this.earlier.set(name, previous);
        told.push({ name, definition, previous });
      }
    }
    if (told.length > 0) for (const listener of this.listeners) listener(told);
  }
}

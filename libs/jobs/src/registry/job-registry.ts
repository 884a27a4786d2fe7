import { type CoordinationStore, type KeyChange, KeyMirror } from '@app/etcd';
import type { Clock, Log } from '@app/platform';
import type { Keys } from '../store/keys.js';
import {
  isSameSchedule,
  type JobDefinition,
  type KeptDefinition,
  readDefinition,
  readSpareDefinition,
} from './job-definition.js';

/** Of so many deleted jobs the definition is remembered: names that are made and deleted by a program never end. */
const REMEMBERED_GONE = 10_000;

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
  private readonly earlier = new Map<string, JobDefinition>();
  /** Jobs that went, the oldest first: of the last ones `earlier` is kept. */
  private readonly gone = new Set<string>();
  /** When a schedule came that was not there at the start, on the monotonic clock. */
  private readonly heardAt = new Map<string, number>();
  /** When the first of what was there came, on the same clock. */
  private listedAt: number | undefined;
  private readonly listeners: ((changes: readonly JobChange[]) => void)[] = [];
  private readonly mirror: KeyMirror<KeptDefinition>;
  private started: Promise<void> | undefined;
  private isStarted = false;

  constructor(
    store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    log: Log,
    /** Keeps documents as text, to be parsed again when asked for: see `readSpareDefinition`. */
    isSpare = false,
  ) {
    const read = isSpare ? readSpareDefinition : readDefinition;
    this.mirror = new KeyMirror(store, keys.jobs, {
      clock,
      log,
      keep: (entry, name) => read(name, entry),
      onListing: () => {
        if (!this.isStarted) this.listedAt = clock.monotonic();
      },
      onChange: (changes) => this.apply(changes),
    });
  }

  /** Resolves when every job is known. Asking again gives the same answer. */
  start(): Promise<void> {
    this.started ??= this.mirror.start().then(() => {
      this.isStarted = true;
    });
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
    const known = [...this.mirror.entries()].map((definition) => ({
      name: definition.name,
      definition,
      previous: undefined,
    }));
    this.listeners.push(listener);
    if (known.length > 0) listener(known);
  }

  get(name: string): JobDefinition | undefined {
    return this.mirror.get(this.keys.job(name));
  }

  /**
   * The last definition before this one whose schedule was another, also of a job that went: for what it left undecided.
   * undefined where this process never saw one.
   */
  earlierOf(name: string): JobDefinition | undefined {
    return this.earlier.get(name);
  }

  /**
   * Since when this process knows the job's schedule, epoch milliseconds: so long ago, by the wall clock as it stands
   * now. What was there when it started is known since the first page of its list came: the list was read as of then, whole.
   */
  knownSince(name: string): number {
    const heardAt = this.heardAt.get(name) ?? this.listedAt;
    return this.clock.now() - (heardAt === undefined ? 0 : this.clock.monotonic() - heardAt);
  }

  all(): IterableIterator<JobDefinition> {
    return this.mirror.entries();
  }

  get size(): number {
    return this.mirror.size;
  }

  /** For health: how far behind the store it may be, in milliseconds. */
  get lagMs(): number {
    return this.mirror.lagMs;
  }

  get revision(): number {
    return this.mirror.revision;
  }

  private apply(changes: readonly KeyChange<KeptDefinition>[]): void {
    const told: JobChange[] = [];
    for (const { kept: definition, previous } of changes) {
      if (previous && previous.revision === definition?.revision) continue;
      const name = definition?.name ?? previous?.name;
      if (name === undefined) continue;
      told.push({ name, definition, previous });
      if (previous && definition && isSameSchedule(previous, definition)) continue;
      if (previous) this.earlier.set(name, previous);
      this.noteGone(name, definition === undefined);
      if (!definition) this.heardAt.delete(name);
      else if (this.isStarted) this.heardAt.set(name, this.clock.monotonic());
    }
    if (told.length > 0) for (const listener of this.listeners) listener(told);
  }

  private noteGone(name: string, isGone: boolean): void {
    this.gone.delete(name);
    if (!isGone) return;
    this.gone.add(name);
    const [oldest] = this.gone;
    if (this.gone.size <= REMEMBERED_GONE || oldest === undefined) return;
    this.gone.delete(oldest);
    this.earlier.delete(oldest);
  }
}

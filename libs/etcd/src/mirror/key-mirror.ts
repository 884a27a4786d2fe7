import { CancelTimer, Clock, Log, mayPass, pause, StoreUnavailable } from '@app/platform';
import { CoordinationStore, Entry, Watch, WatchEvent } from '../port/coordination-store.js';
import { pagesOf } from '../port/pages.js';
import { type Kept, KeptEntry, type KeyChange, MirroredKeys } from './mirrored-keys.js';
import { WatchPace } from './watch-pace.js';

export interface KeyMirrorOptions<K extends Kept = KeptEntry> {
  readonly clock: Clock;
  readonly log: Log;
  /** Everything is listed again and compared this often, ms, whatever the watch says; default 300,000. */
  readonly relistEveryMs?: number;
  /** Keys per page of a list; default 1,000. */
  readonly pageSize?: number;
  /** Makes of an entry what is kept of it, given its key below the prefix; by default the entry itself stays. */
  readonly keep?: (entry: Entry, id: string) => K;
  /** Told when the first page of a list has come: all of it is read as of then. Before what it changes is told. */
  readonly onListing?: () => void;
  /**
   * Told what changed, the first list included: non-empty, each key's changes in the order of their revisions. What a
   * watch brings is in the order of revisions as a whole; a list is told page by page.
   */
  readonly onChange?: (changes: readonly KeyChange<NoInfer<K>>[]) => void;
}

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

/**
 * All keys under a prefix, kept equal to the store: listed page by page at one revision, then watched from the next one.
 *
 * The states: `listing` (at first, and whenever the watch ended in doubt; what is known stays readable meanwhile),
 * `synced` (listed, and a watch running), `closed`. While synced it lists again now and then behind the watch's back and
 * repairs what a watch might have lost.
 */
export class KeyMirror<K extends Kept = KeptEntry> {
  private readonly keys: MirroredKeys<K>;
  private readonly stopping = new AbortController();
  private readonly relistEveryMs: number;
  private readonly pace: WatchPace;
  private watch: Watch | undefined;
  private cancelRelist: CancelTimer = () => {};
  private behindSince: number;

  constructor(
    private readonly store: CoordinationStore,
    private readonly prefix: string,
    private readonly options: KeyMirrorOptions<K>,
  ) {
    const { keep = (entry: Entry, id: string): Kept => new KeptEntry(entry, id) } = options;
    this.keys = new MirroredKeys(prefix, keep as (entry: Entry, id: string) => K);
    this.relistEveryMs = options.relistEveryMs ?? 300_000;
    this.behindSince = options.clock.monotonic();
    this.pace = new WatchPace(options.clock, this.stopping.signal);
  }

  /**
   * Resolves after the first full list, when `get` tells the truth. A store that is away is waited for; throws
   * StoreUnavailable only when the mirror is closed meanwhile. To be called once.
   */
  async start(): Promise<void> {
    await this.synchronize();
    if (this.isClosed) throw new StoreUnavailable(`list ${this.prefix}`, 'notDone', new Error('the mirror is closed'));
  }

  /** The key as last heard of; undefined when it is not there. */
  get(key: string): K | undefined {
    return this.keys.get(key);
  }

  /** All keys as last heard of, in no order. Do not wait while iterating. */
  entries(): IterableIterator<K> {
    return this.keys.entries();
  }

  get size(): number {
    return this.keys.size;
  }

  /** The newest revision this mirror has heard of: of its list, or of a change since. 0 before the first list. */
  get revision(): number {
    return this.keys.revision;
  }

  /** Whether it has been listed and is being watched. */
  get synced(): boolean {
    return this.watch !== undefined;
  }

  /** For how long it may have missed changes, ms: 0 while synced. */
  get lagMs(): number {
    return this.synced ? 0 : this.options.clock.monotonic() - this.behindSince;
  }

  /** Stops. No call of `onChange` comes after it. Safe to repeat. */
  close(): void {
    this.stopping.abort();
    this.cancelRelist();
    this.watch?.close();
    this.watch = undefined;
  }

  private get isClosed(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Lists until it works, then watches. */
  private async synchronize(): Promise<void> {
    const revision = await this.listUntilDone();
    if (revision === undefined) return;
    this.watch = this.store.watch(this.prefix, revision + 1, {
      events: (events) => this.follow(events),
      startOver: (reason) => this.startOver(reason),
    });
    this.pace.began();
    this.relistLater();
  }

  private follow(events: readonly WatchEvent[]): void {
    this.tell(this.keys.applyEvents(events));
  }

  private startOver(reason: string): void {
    this.options.log.warn('a watch broke off: listing again', { prefix: this.prefix, reason });
    this.watch = undefined;
    this.behindSince = this.options.clock.monotonic();
    this.cancelRelist();
    void this.synchronizeAgain();
  }

  private async synchronizeAgain(): Promise<void> {
    await this.pace.brokeOff();
    if (!this.isClosed) await this.synchronize();
  }

  /** Gives the revision that was listed; undefined when closed. */
  private async listUntilDone(): Promise<number | undefined> {
    for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(2 * backoffMs, LONGEST_BACKOFF_MS)) {
      try {
        return await this.list(() => !this.isClosed);
      } catch (error) {
        if (this.isClosed) return undefined;
        if (!mayPass(error)) throw error;
        this.options.log.warn('a list failed: trying again', { prefix: this.prefix, backoffMs, error });
        await pause(this.options.clock, backoffMs, this.stopping.signal);
      }
    }
  }

  /** Lists once, telling what differs page by page; undefined when `goOn` said no. Throws what `range` throws. */
  private async list(goOn: () => boolean): Promise<number | undefined> {
    const listing = this.keys.beginListing();
    try {
      let listedAt = 0;
      const { pageSize, onListing } = this.options;
      for await (const { entries, revision } of pagesOf(this.store, this.prefix, { pageSize })) {
        if (!goOn()) return undefined;
        if (listedAt === 0) onListing?.();
        listedAt = revision;
        this.tell(listing.page(entries, revision));
      }
      this.tell(listing.end(listedAt));
      return listedAt;
    } finally {
      listing.abandon();
    }
  }

  private relistLater(): void {
    const watch = this.watch;
    this.cancelRelist = this.options.clock.timer(this.relistEveryMs, () => void this.relist(watch));
  }

  /** Compares with the store while the watch goes on. What fails is left for the next time: the watch still runs. */
  private async relist(watch: Watch | undefined): Promise<void> {
    const isCurrent = (): boolean => !this.isClosed && this.watch === watch;
    if (!isCurrent()) return;
    try {
      await this.list(isCurrent);
    } catch (error) {
      if (!mayPass(error)) throw error;
      this.options.log.warn('a check of the mirror failed', { prefix: this.prefix, error });
    }
    if (isCurrent()) this.relistLater();
  }

  private tell(changes: readonly KeyChange<K>[]): void {
    if (changes.length > 0 && !this.isClosed) this.options.onChange?.(changes);
  }
}

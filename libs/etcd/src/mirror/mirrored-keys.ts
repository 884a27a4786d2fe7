import { Entry, WatchEvent } from '../port/coordination-store.js';

/** What a mirror keeps of a key. */
export interface Kept {
  /** The key below the mirror's prefix. */
  readonly id: string;
  readonly modRevision: number;
  /** The mirror's own: number of the last list that had it; 0 before the first. */
  listing: number;
}

/** The entry itself, kept where nobody wants anything else. */
export class KeptEntry implements Entry, Kept {
  readonly key: string;
  readonly value: Buffer;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly lease: string | undefined;
  listing = 0;

  constructor(
    { key, value, createRevision, modRevision, lease }: Entry,
    readonly id: string,
  ) {
    this.key = key;
    this.value = value;
    this.createRevision = createRevision;
    this.modRevision = modRevision;
    this.lease = lease;
  }
}

/**
 * What became of one key. `entry`, as it came, and what is kept of it are absent when it was deleted, `previous` when it
 * was not known before.
 */
export interface KeyChange<K = Entry> {
  readonly key: string;
  readonly entry?: Entry;
  readonly kept?: K;
  readonly previous?: K;
}

/** In place of a list's number: the store went back to before this revision. */
const REVERTED = -1;

/** A list being compared with what is known. */
export interface Listing<K> {
  /** Takes the next page, read at `revision`, and gives what differs, ascending by revision. */
  page(entries: readonly Entry[], revision: number): KeyChange<K>[];
  /** Ends a list that was read at `revision` to its last page; gives the keys that are gone. */
  end(revision: number): KeyChange<K>[];
  /** Gives up a list, or forgets one that ended. Safe to repeat. */
  abandon(): void;
}

/**
 * Keys as known from lists and from a watch, whichever is newer: a list may be read while a watch goes on, and neither
 * takes a key back to what it was. Only a store that went back itself, restored from a backup, takes them with it.
 */
export class MirroredKeys<K extends Kept> {
  private readonly known = new Map<string, K>();
  /** Number of the newest list, and how many of the known keys it has had so far. */
  private listing = 0;
  private listed = 0;
  /** While a list is read: what the watch deleted meanwhile, and at which revision. */
  private deletedSince: Map<string, number> | undefined;
  /** Events up to here are contained in the last list. */
  private listedRevision = 0;
  private newestRevision = 0;

  constructor(
    private readonly prefix: string,
    private readonly keep: (entry: Entry, id: string) => K,
  ) {}

  get(key: string): K | undefined {
    return this.known.get(this.idOf(key));
  }

  entries(): IterableIterator<K> {
    return this.known.values();
  }

  get size(): number {
    return this.known.size;
  }

  get revision(): number {
    return this.newestRevision;
  }

  applyEvents(events: readonly WatchEvent[]): KeyChange<K>[] {
    const changes: KeyChange<K>[] = [];
    for (const event of events) {
      const revision = event.kind === 'put' ? event.entry.modRevision : event.modRevision;
      if (revision <= this.listedRevision) continue;
      this.newestRevision = Math.max(this.newestRevision, revision);
      const change = event.kind === 'put' ? this.put(event.entry) : this.remove(event.key, revision);
      if (change) changes.push(change);
    }
    return changes;
  }

  beginListing(): Listing<K> {
    const deleted = new Map<string, number>();
    const knownRevision = this.newestRevision;
    this.deletedSince = deleted;
    this.listing++;
    this.listed = 0;
    return {
      page: (entries, revision) => {
        if (revision < knownRevision) this.goBackTo(revision);
        return this.putNewer(entries, deleted);
      },
      end: (revision) => this.endListing(revision),
      abandon: () => {
        if (this.deletedSince === deleted) this.deletedSince = undefined;
      },
    };
  }

  /** Lets whatever the list says replace what is known, which has revisions that never were. */
  private goBackTo(revision: number): void {
    if (this.newestRevision <= revision) return;
    this.newestRevision = revision;
    this.listedRevision = 0;
    for (const kept of this.known.values()) kept.listing = REVERTED;
  }

  private putNewer(entries: readonly Entry[], deleted: ReadonlyMap<string, number>): KeyChange<K>[] {
    const changes: KeyChange<K>[] = [];
    for (const entry of entries) {
      if ((deleted.get(entry.key) ?? 0) > entry.modRevision) continue;
      const change = this.put(entry);
      if (change) changes.push(change);
      this.noteListed(entry.key);
    }
    return changes.sort((a, b) => a.entry!.modRevision - b.entry!.modRevision);
  }

  private noteListed(key: string): void {
    const known = this.get(key);
    if (!known || known.listing === this.listing) return;
    known.listing = this.listing;
    this.listed++;
  }

  private endListing(revision: number): KeyChange<K>[] {
    const gone: KeyChange<K>[] = [];
    // Nearly always the list has had them all: then a hundred thousand need no look.
    if (this.listed < this.known.size) {
      for (const previous of this.known.values()) {
        if (revisionOf(previous) > revision || previous.listing === this.listing) continue;
        this.known.delete(previous.id);
        gone.push({ key: this.prefix + previous.id, previous });
      }
    }
    this.listedRevision = Math.max(this.listedRevision, revision);
    this.newestRevision = Math.max(this.newestRevision, revision);
    return gone;
  }

  private idOf(key: string): string {
    return key.slice(this.prefix.length);
  }

  private put(entry: Entry): KeyChange<K> | undefined {
    const id = this.idOf(entry.key);
    const previous = this.known.get(id);
    if (previous && revisionOf(previous) >= entry.modRevision) return undefined;
    const kept = this.keep(entry, id);
    kept.listing = Math.max(0, previous?.listing ?? 0);
    // By its own string: one that was cut out of a longer one would keep that alive.
    this.known.set(kept.id, kept);
    return { key: entry.key, entry, kept, ...(previous ? { previous } : {}) };
  }

  private remove(key: string, revision: number): KeyChange<K> | undefined {
    this.deletedSince?.set(key, revision);
    const previous = this.get(key);
    if (!previous || revisionOf(previous) > revision) return undefined;
    this.known.delete(previous.id);
    if (previous.listing === this.listing) this.listed--;
    return { key, previous };
  }
}

/** 0 where the store went back to before it. */
function revisionOf(kept: Kept): number {
  return kept.listing === REVERTED ? 0 : kept.modRevision;
}

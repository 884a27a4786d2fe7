import { Entry, WatchEvent } from '../port/coordination-store.js';

/** What became of one key. `entry` is absent when it was deleted, `previous` when it was not known before. */
export interface KeyChange {
  readonly key: string;
  readonly entry?: Entry;
  readonly previous?: Entry;
}

const NO_VALUE = Buffer.alloc(0);

/** A key as it is known, and the last list that had it. A class, for there are a million: every field has its place. */
class Known implements Entry {
  readonly key: string;
  readonly createRevision: number;
  readonly lease: string | undefined;

  constructor(
    { key, createRevision, lease }: Entry,
    readonly value: Buffer,
    readonly modRevision: number,
    public listing: number,
  ) {
    this.key = key;
    this.createRevision = createRevision;
    this.lease = lease;
  }
}

/** A list being compared with what is known. */
export interface Listing {
  /** Takes the next page, read at `revision`, and gives what differs, ascending by revision. */
  page(entries: readonly Entry[], revision: number): KeyChange[];
  /** Ends a list that was read at `revision` to its last page; gives the keys that are gone. */
  end(revision: number): KeyChange[];
  /** Gives up a list, or forgets one that ended. Safe to repeat. */
  abandon(): void;
}

/**
 * Keys as known from lists and from a watch, whichever is newer: a list may be read while a watch goes on, and neither
 * takes a key back to what it was. Only a store that went back itself, restored from a backup, takes them with it.
 */
export class MirroredKeys {
  private readonly known = new Map<string, Known>();
  /** Number of the newest list, and how many of the known keys it has had so far. */
  private listing = 0;
  private listed = 0;
  /** While a list is read: what the watch deleted meanwhile, and at which revision. */
  private deletedSince: Map<string, number> | undefined;
  /** Events up to here are contained in the last list. */
  private listedRevision = 0;
  private newestRevision = 0;

  constructor(private readonly keepsValues = true) {}

  get(key: string): Entry | undefined {
    return this.known.get(key);
  }

  entries(): IterableIterator<Entry> {
    return this.known.values();
  }

  get size(): number {
    return this.known.size;
  }

  get revision(): number {
    return this.newestRevision;
  }

  applyEvents(events: readonly WatchEvent[]): KeyChange[] {
    const changes: KeyChange[] = [];
    for (const event of events) {
      const revision = event.kind === 'put' ? event.entry.modRevision : event.modRevision;
      if (revision <= this.listedRevision) continue;
      this.newestRevision = Math.max(this.newestRevision, revision);
      const change = event.kind === 'put' ? this.put(event.entry) : this.remove(event.key, revision);
      if (change) changes.push(change);
    }
    return changes;
  }

  beginListing(): Listing {
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
    for (const entry of this.known.values()) this.known.set(entry.key, new Known(entry, entry.value, 0, entry.listing));
  }

  private putNewer(entries: readonly Entry[], deleted: ReadonlyMap<string, number>): KeyChange[] {
    const changes: KeyChange[] = [];
    for (const entry of entries) {
      if ((deleted.get(entry.key) ?? 0) > entry.modRevision) continue;
      const change = this.put(entry);
      if (change) changes.push(change);
      this.noteListed(entry.key);
    }
    return changes.sort((a, b) => a.entry!.modRevision - b.entry!.modRevision);
  }

  private noteListed(key: string): void {
    const known = this.known.get(key);
    if (!known || known.listing === this.listing) return;
    known.listing = this.listing;
    this.listed++;
  }

  private endListing(revision: number): KeyChange[] {
    const gone: KeyChange[] = [];
    // Nearly always the list has had them all: then a hundred thousand need no look.
    if (this.listed < this.known.size) {
      for (const previous of this.known.values()) {
        if (previous.modRevision > revision || previous.listing === this.listing) continue;
        this.known.delete(previous.key);
        gone.push({ key: previous.key, previous });
      }
    }
    this.listedRevision = Math.max(this.listedRevision, revision);
    this.newestRevision = Math.max(this.newestRevision, revision);
    return gone;
  }

  private put(entry: Entry): KeyChange | undefined {
    const previous = this.known.get(entry.key);
    if (previous && previous.modRevision >= entry.modRevision) return undefined;
    const value = this.keepsValues ? entry.value : NO_VALUE;
    this.known.set(entry.key, new Known(entry, value, entry.modRevision, previous?.listing ?? 0));
    return { key: entry.key, entry, ...(previous ? { previous } : {}) };
  }

  private remove(key: string, revision: number): KeyChange | undefined {
    this.deletedSince?.set(key, revision);
    const previous = this.known.get(key);
    if (!previous || previous.modRevision > revision) return undefined;
    this.known.delete(key);
    if (previous.listing === this.listing) this.listed--;
    return { key, previous };
  }
}

import { Entry } from '../port/coordination-store.js';

/** What one transaction did to one key. `entry` is absent when it was deleted, `previous` when it was created. */
export interface Change {
  readonly revision: number;
  readonly key: string;
  readonly entry: Entry | undefined;
  readonly previous: Entry | undefined;
}

/** The changes since the compaction, ascending by revision: what watches replay and old revisions are read from. */
export class ChangeLog {
  private changes: Change[] = [];

  /** `limit`: compacts by itself, so that at least this many and at most twice as many changes are kept. */
  constructor(
    private compacted: number,
    private readonly limit: number,
  ) {}

  /** Changes at or before this revision are forgotten. */
  get compactRevision(): number {
    return this.compacted;
  }

  append(changes: readonly Change[]): void {
    for (const change of changes) this.changes.push(change);
    if (this.changes.length > 2 * this.limit)
      this.compact(this.changes[this.changes.length - this.limit - 1]!.revision);
  }

  /** Takes back the changes from and including this revision. */
  removeFrom(revision: number): void {
    this.changes.length = this.firstFrom(revision);
    // So many may have come at once that they pushed out each other.
    this.compacted = Math.min(this.compacted, revision - 1);
  }

  /** Changes from and including `revision`, ascending. */
  since(revision: number): readonly Change[] {
    return this.changes.slice(this.firstFrom(revision));
  }

  compact(revision: number): void {
    if (revision <= this.compacted) return;
    this.changes = this.changes.slice(this.firstFrom(revision + 1));
    this.compacted = revision;
  }

  private firstFrom(revision: number): number {
    let low = 0;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.changes[middle]!.revision < revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

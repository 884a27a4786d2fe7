import { type CoordinationStore, pagesOf, type Transaction } from '@app/etcd';
import type { Clock } from '@app/platform';
import { knownCursor } from '../claiming/decision.js';
import type { Delivery } from '../delivery/delivery.js';
import { runsOfEntry } from '../delivery/runs-of-entry.js';
import type { JobDefinition } from '../registry/job-definition.js';
import type { JobChange, JobRegistry } from '../registry/job-registry.js';
import { below, type Keys } from '../store/keys.js';
import type { SessionRef } from '../store/run-entry.js';
import { retireCursor } from './orphan-fires.js';

/** A deleted job's cursor stays so long. */
const KEEP_CURSOR_MS = 24 * 3_600_000;
/** More than the API keeps of any job; a transaction has room for them. */
const MOST_VERSIONS = 50;
/** So many are remembered that nobody has settled yet. */
const REMEMBERED_GONE = 10_000;

/**
 * Cursors without a job: marked when another client deleted the job, and removed a day later with the note of who put
 * the job and its versions. The last definition of a job that went is remembered until its cursor is settled, to account
 * for what it left undecided.
 */
export class CursorKeeping {
  private readonly gone = new Map<string, JobDefinition | undefined>();

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
    private readonly delivery: Delivery,
    private readonly self: SessionRef,
  ) {}

  /** Takes over what the registry says. */
  apply(changes: readonly JobChange[]): void {
    for (const { name, definition, previous } of changes) {
      if (definition) this.gone.delete(name);
      else this.note(name, previous);
    }
  }

  /** Where nobody looks, for another leads, they are forgotten in the end: a sweep finds their cursors. */
  private note(name: string, previous: JobDefinition | undefined): void {
    this.gone.set(name, previous);
    const oldest = this.gone.keys().next();
    if (this.gone.size > REMEMBERED_GONE && !oldest.done) this.gone.delete(oldest.value);
  }

  /** Settles the cursors of jobs that went since the last look. Throws StoreUnavailable. */
  async look(): Promise<void> {
    for (const [name, previous] of [...this.gone]) {
      const entry = await this.store.get(this.keys.cursor(name));
      const { cursor, revision } = knownCursor(entry);
      if (cursor && !cursor.deleted && !(await this.retire(name, { cursor, revision }, previous))) continue;
      if (this.gone.get(name) === previous) this.gone.delete(name);
    }
  }

  /** Looks through all cursors for what was missed, and for what is old. Throws StoreUnavailable, Compacted. */
  async sweep(): Promise<void> {
    const oldest = this.clock.now() - KEEP_CURSOR_MS;
    for await (const { entries } of pagesOf(this.store, this.keys.cursors)) {
      const removals: Transaction[] = [];
      for (const entry of entries) {
        const name = below(this.keys.cursors, entry.key);
        const { cursor, revision } = knownCursor(entry);
        if (this.registry.get(name) || !cursor) continue;
        if (!cursor.deleted) this.note(name, this.gone.get(name) ?? this.registry.earlierOf(name));
        else if (cursor.at < oldest) removals.push(await this.removal(name, revision));
      }
      await this.store.transactAll(removals);
    }
  }

  private async retire(
    name: string,
    known: Parameters<typeof retireCursor>[2],
    previous: JobDefinition | undefined,
  ): Promise<boolean> {
    const { transaction, entry } = retireCursor(this.keys, name, known, previous, this.clock.now(), this.self);
    const [settled] = await this.store.transactAll([transaction]);
    if (!settled?.ok || !settled.result.succeeded) return false;
    if (entry) this.delivery.deliver({ entry, modRevision: settled.result.revision }, runsOfEntry(entry));
    return true;
  }

  /** What is left of a job that went long ago: its cursor, who made it, and its last versions. */
  private async removal(name: string, revision: number): Promise<Transaction> {
    const versions = await this.store.range(this.keys.versionsOf(name), { keysOnly: true, limit: MOST_VERSIONS });
    return {
      compare: [
        { key: this.keys.cursor(name), field: 'modRevision', equals: revision },
        { key: this.keys.job(name), field: 'modRevision', equals: 0 },
      ],
      then: [
        { kind: 'delete', key: this.keys.cursor(name) },
        { kind: 'delete', key: this.keys.edit(name) },
        ...versions.entries.map(({ key }) => ({ kind: 'delete', key }) as const),
      ],
    };
  }
}

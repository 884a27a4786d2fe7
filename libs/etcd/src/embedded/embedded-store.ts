import { join } from 'node:path';
import { CancelTimer, Clock, FolderLock, Log, lockFolder, StoreUnavailable } from '@app/platform';
import { Change } from '../memory/change-log.js';
import { KeySpace } from '../memory/key-space.js';
import { LocalStore, Written } from '../memory/local-store.js';
import { LeaseId, RangeOptions, RangePage, Settled, StoreStatus, Transaction } from '../port/coordination-store.js';
import { KeyFile } from './key-file.js';

export interface EmbeddedStoreOptions {
  /** Where the file lives; made where it is not. Held for this process alone. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The file is not to grow beyond this, bytes; default: as far as the disk goes. */
  readonly maxBytes?: number;
  /** How many changes are kept for watches and old revisions, at least; default 20,000. */
  readonly historyLimit?: number;
}

/** So many transactions are committed in one go at most: more would keep the event loop busy for too long. */
const MOST_AT_ONCE = 1_000;

/** After a lease's end could not be written down, it is tried again this often. */
const RETRY_MS = 1_000;

/**
 * The coordination port on one SQLite file, for a fleet of one process. An answer that was given survives kill -9: all
 * writes of one turn of the event loop are committed together, and only then answered.
 *
 * Opening the file ends all leases: whoever held them was in the process that is gone. History starts anew at each
 * opening. Closed for writing while the disk is full or fails (StoreUnavailable), and open again by itself afterwards.
 */
export class EmbeddedStore extends LocalStore {
  private queue: Pending[] = [];
  private flush: NodeJS.Immediate | undefined;
  /** A commit failed and it is not known with what outcome: the file must be read again before anything else. */
  private isInDoubt = false;
  /** The last commit was refused. */
  private isUnwritable = false;
  private readonly retries = new Set<CancelTimer>();

  private constructor(
    private readonly options: EmbeddedStoreOptions,
    private readonly lock: FolderLock,
    private readonly file: KeyFile,
    keys: KeySpace,
    life: number,
  ) {
    super(options.clock, keys, `${life}.`);
  }

  /** Opens the store of a folder. Throws FolderInUse, and what SQLite throws when the file is damaged. */
  static open(options: EmbeddedStoreOptions): EmbeddedStore {
    const lock = lockFolder(options.folder, 'coordination');
    let file: KeyFile | undefined;
    try {
      file = KeyFile.open(join(lock.folder, 'coordination.sqlite'));
      if (options.maxBytes !== undefined) file.limitTo(options.maxBytes);
      const life = file.countLife();
      const keys = readKeys(file, options);
      const ended = keys.dropLeases();
      if (ended.length > 0) file.commit(ended);
      return new EmbeddedStore(options, lock, file, keys, life);
    } catch (error) {
      file?.close();
      lock.release();
      throw error;
    }
  }

  override async transactAll(transactions: readonly Transaction[]): Promise<readonly Settled[]> {
    const settled: Promise<readonly Settled[]>[] = [];
    for (let start = 0; start < transactions.length; start += MOST_AT_ONCE) {
      settled.push(super.transactAll(transactions.slice(start, start + MOST_AT_ONCE)));
    }
    return (await Promise.all(settled)).flat();
  }

  override async range(prefix: string, options: RangeOptions = {}): Promise<RangePage> {
    // Whoever pages through everything lets others have their turn in between.
    if (options.after !== undefined) await new Promise((resolve) => setImmediate(resolve));
    return super.range(prefix, options);
  }

  async status(): Promise<StoreStatus> {
    this.mustBeOpen('status');
    const { fileBytes, usedBytes } = this.file.size();
    return {
      revision: this.keys.revision,
      dbSizeBytes: fileBytes,
      dbInUseBytes: usedBytes,
      ...(this.options.maxBytes === undefined ? {} : { quotaBytes: this.options.maxBytes }),
      alarms: this.isInDoubt ? ['IN_DOUBT'] : this.isUnwritable ? ['DISK'] : [],
      members: [{ id: 'embedded', name: 'embedded', version: process.version, leader: true }],
    };
  }

  /** Writes what was asked before, then closes the file and gives the folder back. */
  override async close(): Promise<void> {
    if (this.isClosed) return;
    while (this.queue.length > 0) this.flushQueue();
    await super.close();
    for (const cancel of this.retries) cancel();
    this.file.close();
    this.lock.release();
  }

  protected write<T>(operation: string, work: () => Written<T>, weight = 1): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.mustBeOpen(operation);
      this.queue.push({ operation, work, weight, resolve: resolve as (answer: unknown) => void, reject });
      this.flush ??= setImmediate(() => this.flushQueue());
    });
  }

  override async revokeLease(lease: LeaseId): Promise<void> {
    try {
      await super.revokeLease(lease);
    } catch (error) {
      // It is gone for every put from now on, so its keys must go as well, whether or not the caller asks again.
      this.endLeaseLater(lease);
      throw error;
    }
  }

  protected onLeaseEnd(lease: LeaseId): void {
    this.write('end lease', () => this.dropLease(lease)).catch((error: unknown) => {
      this.options.log.warn('the end of a lease could not be written: trying again', { lease, error });
      this.endLeaseLater(lease);
    });
  }

  private endLeaseLater(lease: LeaseId): void {
    if (this.isClosed) return;
    const cancel = this.clock.timer(RETRY_MS, () => {
      this.retries.delete(cancel);
      this.onLeaseEnd(lease);
    });
    this.retries.add(cancel);
  }

  /** Group commit: one transaction for all that was asked since the last. */
  private flushQueue(): void {
    clearImmediate(this.flush);
    this.flush = undefined;
    const group = this.takeGroup();
    if (this.queue.length > 0) this.flush = setImmediate(() => this.flushQueue());
    try {
      this.resolveDoubt();
    } catch (error) {
      for (const { operation, reject } of group) reject(new StoreUnavailable(operation, 'notDone', error));
      return;
    }
    const changes: Change[] = [];
    const answers = group.map(({ work }) => {
      const { answer, changes: more } = work();
      for (const change of more) changes.push(change);
      return answer;
    });
    try {
      if (changes.length > 0) {
        this.file.commit(changes);
        this.isUnwritable = false;
      }
    } catch (error) {
      this.isUnwritable = true;
      const outcome = this.takeBack(changes);
      for (const { operation, reject } of group) reject(new StoreUnavailable(operation, outcome, error));
      return;
    }
    this.watches.publish(changes);
    for (const [index, { resolve }] of group.entries()) resolve(answers[index]);
  }

  /** The writes that were asked for first, as many as go into one commit. */
  private takeGroup(): Pending[] {
    let weight = 0;
    const tooMany = this.queue.findIndex((one, index) => {
      weight += one.weight;
      return index > 0 && weight > MOST_AT_ONCE;
    });
    return this.queue.splice(0, tooMany < 0 ? this.queue.length : tooMany);
  }

  /** Undoes in memory what could not be committed, and finds out what is on the disk. */
  private takeBack(changes: readonly Change[]): 'notDone' | 'unknown' {
    this.keys.undo(changes);
    try {
      this.isInDoubt = this.file.revision() !== this.keys.revision;
    } catch {
      this.isInDoubt = true;
    }
    return this.isInDoubt ? 'unknown' : 'notDone';
  }

  /** After a commit in doubt: takes the file's word for everything, and has every watch start over. Throws while it cannot be read. */
  private resolveDoubt(): void {
    if (!this.isInDoubt) return;
    this.keys = readKeys(this.file, this.options);
    this.isInDoubt = false;
    this.watches.endAll('the file was read again after a failed write');
  }
}

interface Pending {
  readonly operation: string;
  readonly work: () => Written<unknown>;
  /** How many transactions it stands for. */
  readonly weight: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

function readKeys(file: KeyFile, options: EmbeddedStoreOptions): KeySpace {
  return new KeySpace({ ...file.read(), historyLimit: options.historyLimit ?? 20_000 });
}

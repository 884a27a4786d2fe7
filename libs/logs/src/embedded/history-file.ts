import { openSqlite, SqliteDatabase, StoreUnavailable } from '@app/platform';
import { HistoryRefused } from '../port/errors.js';
import { SCHEMA } from './schema.js';

type Statement = ReturnType<SqliteDatabase['prepare']>;

/** A value that can be bound to a statement; `undefined` is bound as NULL. */
export type Bound = string | number | Uint8Array | undefined;

/** SQLite's primary result codes for a record that can never be kept: TOOBIG, CONSTRAINT, MISMATCH, RANGE. */
const REFUSED_CODES = new Set([18, 19, 20, 25]);

/**
 * Ids are digests, so every batch touches pages all over the indexes. 64 MiB of them in memory, and a write-ahead log of
 * 16 MiB in which a page is changed many times before it is written back, make writing twice as fast.
 */
const TUNING = 'PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000;';

/**
 * The open file: statements prepared once, transactions, and errors in the port's words. Everything is synchronous and
 * short; whoever has much to do calls often and lets others in between.
 */
export class HistoryFile {
  private readonly statements = new Map<string, Statement>();
  private readonly database: SqliteDatabase;
  // The engine of some versions of Node cannot tell either of these.
  private isOpen = true;
  private isInTransaction = false;

  /** Opens or creates the file; `:memory:` for one that dies with the process. */
  constructor(path: string) {
    this.database = openSqlite(path, (database) => {
      database.exec(TUNING);
      database.exec(SCHEMA);
    });
  }

  /** Every row of the answer. */
  all<Row>(sql: string, ...values: readonly Bound[]): Row[] {
    return this.prepared(sql).all(...values.map(bindable)) as Row[];
  }

  /** The first row, or undefined. */
  get<Row>(sql: string, ...values: readonly Bound[]): Row | undefined {
    return this.prepared(sql).get(...values.map(bindable)) as Row | undefined;
  }

  /** Runs a statement; gives back the number of rows it changed. */
  run(sql: string, ...values: readonly Bound[]): number {
    return Number(this.prepared(sql).run(...values.map(bindable)).changes);
  }

  /** All of `work` or none of it, on the disk when it returns. Translates the engine's errors. */
  write<T>(operation: string, work: () => T): T {
    this.checkOpen(operation);
    try {
      this.database.exec('BEGIN IMMEDIATE');
      this.isInTransaction = true;
      const result = work();
      this.database.exec('COMMIT');
      this.isInTransaction = false;
      return result;
    } catch (error) {
      this.rollBack();
      throw translated(operation, error);
    }
  }

  /** Runs `work`, which may take several steps with pauses between them, and translates the engine's errors. */
  async steps<T>(operation: string, work: () => T | Promise<T>): Promise<T> {
    this.checkOpen(operation);
    try {
      return await work();
    } catch (error) {
      // Closed between two steps.
      this.checkOpen(operation);
      throw translated(operation, error);
    }
  }

  /** Closes the file; calling it again does nothing. */
  close(): void {
    if (this.isOpen) this.database.close();
    this.isOpen = false;
  }

  private rollBack(): void {
    if (!this.isInTransaction) return;
    this.isInTransaction = false;
    try {
      this.database.exec('ROLLBACK');
    } catch {
      // Some errors, a full disk among them, have rolled back already. See https://sqlite.org/lang_transaction.html
    }
  }

  private checkOpen(operation: string): void {
    if (!this.isOpen) throw new StoreUnavailable(operation, 'notDone', 'the history file is closed');
  }

  private prepared(sql: string): Statement {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}

/** Lets timers, sockets and other work run before going on. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function bindable(value: Bound): string | number | Uint8Array | null {
  return value === undefined ? null : value;
}

function translated(operation: string, error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  // The low byte is the primary result code. See https://sqlite.org/rescode.html
  const refused = REFUSED_CODES.has(error.errcode & 0xff);
  return refused ? new HistoryRefused(operation, error) : new StoreUnavailable(operation, 'notDone', error);
}

function isSqliteError(error: unknown): error is Error & { errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

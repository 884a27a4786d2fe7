import { openSqlite, SqliteDatabase } from '@app/platform';
import { Change } from '../memory/change-log.js';
import { Entry } from '../port/coordination-store.js';

/** Raised with every change of the tables; a file from a newer program is refused. */
const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keys (
    key BLOB PRIMARY KEY,
    value BLOB NOT NULL,
    create_revision INTEGER NOT NULL,
    mod_revision INTEGER NOT NULL,
    lease TEXT
  );
  CREATE TABLE IF NOT EXISTS store (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    times_opened INTEGER NOT NULL
  );
  INSERT OR IGNORE INTO store VALUES (1, 1, 0);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

function prepareTables(database: SqliteDatabase): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > SCHEMA_VERSION) throw new Error(`it was written by a newer program (schema ${version})`);
  database.exec(SCHEMA);
}

/** What a file holds. */
export interface FileContents {
  readonly revision: number;
  readonly entries: Iterable<Entry>;
}

/** The current keys of an embedded store, on disk: no history, one row per key. */
export class KeyFile {
  private readonly upsert;
  private readonly remove;
  private readonly setRevision;

  private constructor(private readonly database: SqliteDatabase) {
    this.upsert = database.prepare('INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?, ?)');
    this.remove = database.prepare('DELETE FROM keys WHERE key = ?');
    this.setRevision = database.prepare('UPDATE store SET revision = ?');
  }

  /** Opens the file, which is created where there is none. Throws when it is from a newer program, or damaged. */
  static open(path: string): KeyFile {
    return new KeyFile(openSqlite(path, prepareTables));
  }

  /** Everything that is stored. */
  read(): FileContents {
    const rows = this.database.prepare('SELECT * FROM keys').all() as unknown as Row[];
    return { revision: this.revision(), entries: rows.map(entryOf) };
  }

  /** Revision of the last commit that is on the disk. */
  revision(): number {
    return (this.database.prepare('SELECT revision FROM store').get() as { revision: number }).revision;
  }

  /** How often the file has been opened by a store before and now: counts its lives. */
  countLife(): number {
    const row = this.database.prepare('UPDATE store SET times_opened = times_opened + 1 RETURNING times_opened').get();
    return (row as { times_opened: number }).times_opened;
  }

  /**
   * Writes changes down; they are on the disk when it returns. Throws what SQLite throws (disk full, I/O error), and
   * has then undone them where that could still be done: `revision` tells.
   */
  commit(changes: readonly Change[]): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      for (const { key, entry } of changes) this.writeKey(key, entry);
      this.setRevision.run(changes.at(-1)!.revision);
      this.database.exec('COMMIT');
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  /** Size of the file, bytes, and of what is in use of it. */
  size(): { fileBytes: number; usedBytes: number } {
    const value = (name: string): number =>
      Object.values(this.database.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[0]!;
    const page = value('page_size');
    const pages = value('page_count');
    return { fileBytes: pages * page, usedBytes: (pages - value('freelist_count')) * page };
  }

  /** Lets the file grow to this many bytes at most; commits beyond fail as on a full disk. */
  limitTo(bytes: number): void {
    const { page_size: page } = this.database.prepare('PRAGMA page_size').get() as { page_size: number };
    this.database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(bytes / page))}`);
  }

  close(): void {
    this.database.close();
  }

  private writeKey(key: string, entry: Entry | undefined): void {
    if (!entry) {
      this.remove.run(Buffer.from(key));
      return;
    }
    const { value, createRevision, modRevision, lease } = entry;
    this.upsert.run(Buffer.from(key), value, createRevision, modRevision, lease ?? null);
  }

  private rollBack(): void {
    try {
      this.database.exec('ROLLBACK');
    } catch {
      // SQLite rolls back by itself on some errors, and then refuses to do it again.
    }
  }
}

interface Row {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly create_revision: number;
  readonly mod_revision: number;
  readonly lease: string | null;
}

function entryOf(row: Row): Entry {
  return {
    key: Buffer.from(row.key).toString(),
    value: Buffer.from(row.value),
    createRevision: row.create_revision,
    modRevision: row.mod_revision,
    ...(row.lease === null ? {} : { lease: row.lease }),
  };
}

import { createRequire } from 'node:module';
import type * as driver from '@photostructure/sqlite';

export type SqliteDatabase = InstanceType<typeof driver.DatabaseSync>;

/**
 * Opens a SQLite file (`:memory:` for one that dies with the process) in WAL mode with `synchronous=FULL`: a
 * transaction that returned is on the disk. `prepare` is given the database before anybody else; when it throws, the file
 * is closed. Throws an error that names the file, with the engine's own as its cause.
 *
 * Uses the engine built into Node where it is there without a flag (22.13 and later), and the same API from
 * `@photostructure/sqlite` on older ones.
 */
export function openSqlite(path: string, prepare: (database: SqliteDatabase) => void = () => {}): SqliteDatabase {
  const Database = loadDriver();
  let database: SqliteDatabase | undefined;
  try {
    database = new Database(path);
    database.exec(
      'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON;',
    );
    prepare(database);
    return database;
  } catch (cause) {
    database?.close();
    throw new Error(`${path} cannot be used: ${(cause as Error).message}`, { cause });
  }
}

function loadDriver(): typeof driver.DatabaseSync {
  const require = createRequire(import.meta.url);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const builtIn = major > 22 || (major === 22 && minor >= 13);
  return require(builtIn ? 'node:sqlite' : '@photostructure/sqlite').DatabaseSync;
}

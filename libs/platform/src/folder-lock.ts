import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FleetcronError } from './errors.js';
import { openSqlite, SqliteDatabase } from './sqlite.js';

/** Another process (or another part of this one) holds the folder. */
export class FolderInUse extends FleetcronError {
  readonly code = 'folder_in_use';

  constructor(
    readonly folder: string,
    /** Process id of the holder; undefined when it cannot be told. */
    readonly pid: number | undefined,
  ) {
    const holder = pid === undefined ? 'another process' : `process ${pid}`;
    super(`The folder ${folder} is in use by ${holder}: stop it, or give this one a folder of its own.`);
  }
}

/** A folder held for this process alone. */
export interface FolderLock {
  readonly folder: string;
  /** Gives the folder back. Safe to repeat; the end of the process does it too. */
  release(): void;
}

/**
 * Takes a folder for one `purpose` (part of a file name), creating it where there is none. Throws FolderInUse.
 *
 * The lock is the operating system's, on a file that SQLite opens, so it ends with the process however that ends:
 * nothing stale is left by kill -9. The pid beside it is only there to be named.
 */
export function lockFolder(folder: string, purpose: string): FolderLock {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  const pidFile = join(path, `${purpose}.pid`);
  const database = takeLock(join(path, `${purpose}.lock`), () => new FolderInUse(path, readPid(pidFile)));
  writeFileSync(pidFile, `${process.pid}\n`);
  let isHeld = true;
  return {
    folder: path,
    release: () => {
      if (isHeld) database.close();
      isHeld = false;
    },
  };
}

function takeLock(file: string, inUse: () => FolderInUse): SqliteDatabase {
  try {
    // A write transaction that stays open: there can be one, and it dies with its process.
    return openSqlite(file, (database) => database.exec('PRAGMA busy_timeout=0; BEGIN IMMEDIATE'));
  } catch (error) {
    throw isBusy((error as Error).cause) ? inUse() : error;
  }
}

/** SQLITE_BUSY (5) and SQLITE_LOCKED (6), extended codes included. */
function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0;
  return [5, 6].includes(code & 0xff) || /database (table )?is locked/.test((error as Error).message);
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isSafeInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

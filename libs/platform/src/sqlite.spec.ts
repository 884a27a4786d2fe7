import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqlite } from './sqlite.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetcron-sqlite-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('names the file that cannot be opened, is no database, or is refused by who prepares it', () => {
  const nowhere = join(folder, 'none', 'x.db');
  expect(() => openSqlite(nowhere)).toThrow(`${nowhere} cannot be used: `);
  const text = join(folder, 'text.db');
  writeFileSync(text, 'this is no database, however long one looks at it '.repeat(100));
  expect(() => openSqlite(text)).toThrow(`${text} cannot be used: file is not a database`);
  const newer = join(folder, 'newer.db');
  const refuse = (): never => {
    throw new Error('it is of tomorrow');
  };
  expect(() => openSqlite(newer, refuse)).toThrow(`${newer} cannot be used: it is of tomorrow`);
  // Closed, hence free for the next.
  openSqlite(newer, (database) => database.exec('PRAGMA locking_mode=EXCLUSIVE; CREATE TABLE t (x)')).close();
});

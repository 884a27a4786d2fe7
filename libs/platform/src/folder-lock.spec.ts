import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { FolderInUse, lockFolder } from './folder-lock.js';

const root = mkdtempSync(join(tmpdir(), 'fleetcron-lock-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('gives a folder to one, makes it where there is none, and names who has it to the next', () => {
  const folder = join(root, 'deep/er');
  const lock = lockFolder(folder, 'worker');
  expect(lock.folder).toBe(folder);
  expect(() => lockFolder(folder, 'worker')).toThrow(FolderInUse);
  expect(() => lockFolder(folder, 'worker')).toThrow(`${folder} is in use by process ${process.pid}`);
  lock.release();
  lock.release();
  lockFolder(folder, 'worker').release();
});

it('lets a folder be held for several purposes at once', () => {
  const locks = [lockFolder(root, 'one'), lockFolder(root, 'two')];
  for (const lock of locks) lock.release();
});

it('does not believe a pid that is left over, and does without one', () => {
  writeFileSync(join(root, 'worker.pid'), '1\n');
  const lock = lockFolder(root, 'worker');
  writeFileSync(join(root, 'worker.pid'), 'nonsense');
  expect(() => lockFolder(root, 'worker')).toThrow('another process');
  lock.release();
});

// Tells whether an app was built from the sources as they are now.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const stampFile = (app) => `dist/${app}/.built-from`;

/** Digest over names, sizes and times of all sources. */
export function sourceStamp() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'tsconfig.json', 'nest-cli.json', ...walk('apps'), ...walk('libs')]) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

export function isBuilt(app) {
  try {
    return readFileSync(stampFile(app), 'utf8') === sourceStamp();
  } catch {
    return false;
  }
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist')
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? walk(path) : [path];
    })
    .filter((path) => !/\.(spec|contract)\.ts$/.test(path))
    .sort();
}

// Tells whether an app, or the console, was built from the sources as they are now.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const stampFile = (app) => `dist/${app}/.built-from`;

/** Digest over names, sizes and times of all sources of one part. */
export function sourceStamp(part) {
  const hash = createHash('sha256');
  const sources =
    part === 'console'
      ? [...walk('apps/console'), ...walk('packages/sdk/src')]
      : [
          'tsconfig.json',
          'nest-cli.json',
          ...walk('apps').filter((file) => !file.startsWith('apps/console/')),
          ...walk('libs'),
        ];
  for (const file of ['package-lock.json', ...sources]) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

export function isBuilt(app) {
  try {
    return readFileSync(stampFile(app), 'utf8') === sourceStamp(app);
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

import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

/** A program that people start, or the console a master serves when it lies beside it. */
export type App = 'master' | 'worker' | 'standalone' | 'console';

/**
 * Builds the apps whose sources changed, and copies them into a folder under `.cache/`, so that another build does not
 * change programs that run: a supervisor starts the worker's program again for its last words. Gives their paths, to be
 * run with node. Run from the root of the repository.
 */
export function buildApps<Name extends App>(folder: string, ...apps: readonly Name[]): Record<Name, string> {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs', '--stale', ...apps], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`${apps.join(' and ')} could not be built`);
  const copied = (app: Name): [Name, string] => {
    rmSync(`${folder}/${app}`, { recursive: true, force: true });
    cpSync(`dist/${app}`, `${folder}/${app}`, { recursive: true });
    return [app, resolve(`${folder}/${app}/apps/${app}/src/main.js`)];
  };
  return Object.fromEntries(apps.map(copied)) as Record<Name, string>;
}

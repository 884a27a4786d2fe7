import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

/** Paths of the programs, to be run with node. */
export interface BuiltApps {
  readonly master: string;
  readonly worker: string;
}

/**
 * Builds master and worker where their sources changed, and copies them to `.cache/`, so that another build does not
 * change programs that run: a supervisor starts the worker's program again for its last words. Run from the root of the
 * repository.
 */
export function buildApps(folder: string): BuiltApps {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs', '--stale', 'master', 'worker'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('master and worker could not be built');
  const copied = (app: string): string => {
    rmSync(`${folder}/${app}`, { recursive: true, force: true });
    cpSync(`dist/${app}`, `${folder}/${app}`, { recursive: true });
    return resolve(`${folder}/${app}/apps/${app}/src/main.js`);
  };
  return { master: copied('master'), worker: copied('worker') };
}

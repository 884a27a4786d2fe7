// Builds the apps named on the command line, all of them without: `node scripts/build.mjs [standalone|master|worker ...]`
// With --stale only those whose sources changed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isBuilt, sourceStamp, stampFile } from './build-stamp.mjs';

const ALL = ['standalone', 'master', 'worker'];
const named = process.argv.slice(2).filter((word) => word !== '--stale');
const isStaleOnly = process.argv.includes('--stale');
for (const app of named.length > 0 ? named : ALL) {
  if (!ALL.includes(app)) {
    console.error(`There is no app "${app}": choose of ${ALL.join(', ')}.`);
    process.exit(2);
  }
  if (isStaleOnly && isBuilt(app)) continue;
  rmSync(`dist/${app}`, { recursive: true, force: true });
  const stamp = sourceStamp();
  const { status } = spawnSync(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build', app], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(`dist/${app}`, { recursive: true });
  writeFileSync(stampFile(app), stamp);
}

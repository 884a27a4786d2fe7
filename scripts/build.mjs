// Builds the apps named on the command line, all of them without: `node scripts/build.mjs [standalone|master|worker ...]`
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { sourceStamp, stampFile } from './build-stamp.mjs';

const ALL = ['standalone', 'master', 'worker'];
const apps = process.argv.length > 2 ? process.argv.slice(2) : ALL;
for (const app of apps) {
  if (!ALL.includes(app)) {
    console.error(`There is no app "${app}": choose of ${ALL.join(', ')}.`);
    process.exit(2);
  }
  rmSync(`dist/${app}`, { recursive: true, force: true });
  const stamp = sourceStamp();
  const { status } = spawnSync(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build', app], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(`dist/${app}`, { recursive: true });
  writeFileSync(stampFile(app), stamp);
}

// Starts one app, building it first where its sources changed: `node scripts/start.mjs standalone|master|worker`
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBuilt } from './build-stamp.mjs';

const [app = 'standalone'] = process.argv.slice(2);
const parts = app === 'worker' ? [app] : [app, 'console'];
const stale = parts.filter((part) => !isBuilt(part));
if (stale.length > 0) {
  console.error(`Building ${stale.join(' and ')} ...`);
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs', ...stale], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
// In this very process, so that signals reach the program itself.
process.argv = [process.argv[0], resolve(`dist/${app}/apps/${app}/src/main.js`)];
await import(pathToFileURL(process.argv[1]).href);

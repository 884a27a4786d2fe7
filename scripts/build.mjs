// Builds what is named on the command line, all of it without: `node scripts/build.mjs [standalone|master|worker|console ...]`
// With --stale only what has changed sources.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isBuilt, sourceStamp, stampFile } from './build-stamp.mjs';

const ALL = ['standalone', 'master', 'worker', 'console'];
const named = process.argv.slice(2).filter((word) => word !== '--stale');
const isStaleOnly = process.argv.includes('--stale');
const wanted = named.length > 0 ? named : ALL;
for (const part of wanted) {
  if (!ALL.includes(part)) {
    console.error(`There is no "${part}": choose of ${ALL.join(', ')}.`);
    process.exit(2);
  }
}

const due = wanted.filter((part) => !isStaleOnly || !isBuilt(part));
// The console beside the first app, the other apps one after the other: each takes a core for itself.
const built = await Promise.all([
  due.includes('console') ? build('console') : true,
  due.filter((part) => part !== 'console').reduce(async (before, app) => (await before) && build(app), true),
]);
process.exit(built.every(Boolean) ? 0 : 1);

async function build(part) {
  rmSync(`dist/${part}`, { recursive: true, force: true });
  const stamp = sourceStamp(part);
  const command =
    part === 'console'
      ? ['node_modules/vite/bin/vite.js', 'build', '--config', 'apps/console/vite.config.ts', '--logLevel', 'warn']
      : ['node_modules/@nestjs/cli/bin/nest.js', 'build', part];
  const [status] = await once(spawn(process.execPath, command, { stdio: 'inherit' }), 'exit');
  if (status !== 0) return false;
  mkdirSync(`dist/${part}`, { recursive: true });
  writeFileSync(stampFile(part), stamp);
  return true;
}

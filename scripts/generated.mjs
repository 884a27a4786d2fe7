// Writes the files that are made from others: `node scripts/generated.mjs openapi|client`
// With --check it writes nothing and fails, naming what is stale, when they are not what would be written.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const MAKERS = {
  openapi: { target: 'docs/openapi.json', make: writeDocument },
  client: { target: 'packages/sdk/src/generated', make: writeClient },
};

const isCheck = process.argv.includes('--check');
const names = process.argv.slice(2).filter((word) => word !== '--check');
for (const name of names.length > 0 ? names : Object.keys(MAKERS)) {
  const maker = MAKERS[name];
  if (!maker) {
    console.error(`Nothing called "${name}" is generated: choose of ${Object.keys(MAKERS).join(', ')}.`);
    process.exit(2);
  }
  if (isCheck) check(name, maker);
  else maker.make(maker.target);
}

function check(name, { target, make }) {
  const fresh = join('.cache/generated', target);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(join(fresh, '..'), { recursive: true });
  make(fresh);
  const [before, after] = [filesOf(target), filesOf(fresh)];
  const stale = [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => before.get(file) !== after.get(file),
  );
  if (stale.length === 0) return;
  console.error(`Stale, run "npm run ${name}" and commit:`);
  for (const file of stale) console.error(`  ${join(target, file)}`);
  process.exitCode = 1;
}

/** The API document, by the program of the master that knows its routes. */
function writeDocument(file) {
  run('scripts/build.mjs', '--stale', 'master');
  run('dist/master/apps/master/src/openapi/write.js', file);
}

/** The TypeScript client, from the document as it is committed. */
function writeClient(folder) {
  run('node_modules/@hey-api/openapi-ts/bin/run.js', '--output', folder, '--silent');
}

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Contents by path below the target; one file is its own only entry. */
function filesOf(target) {
  const isFile = /\.\w+$/.test(target);
  const paths = isFile
    ? ['']
    : readdirSync(target, { recursive: true, withFileTypes: true }).flatMap(pathBelow(target));
  return new Map(paths.map((path) => [path, readFileSync(join(target, path), 'utf8')]));
}

function pathBelow(target) {
  return (entry) => (entry.isFile() ? [join(entry.parentPath, entry.name).slice(join(target).length + 1)] : []);
}

// Runs measurements of test/bench: `npm run bench` lists them, `npm run bench NAME ...` runs those named.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';

const FOLDER = 'test/bench';
const ENDING = '.bench.ts';
const all = readdirSync(FOLDER)
  .filter((file) => file.endsWith(ENDING))
  .map((file) => file.slice(0, -ENDING.length));
const names = process.argv.slice(2);
if (names.length === 0) {
  for (const name of all) console.error(`${name}\n    ${firstLine(name)}`);
}
for (const name of names) {
  if (!all.includes(name)) {
    console.error(`There is no measurement "${name}": choose of ${all.join(', ')}.`);
    process.exit(2);
  }
  const outfile = `.cache/bench/${name}.mjs`;
  await build({
    entryPoints: [`${FOLDER}/${name}${ENDING}`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    alias: Object.fromEntries(
      ['etcd', 'jobs', 'logs', 'platform'].map((lib) => [`@app/${lib}`, `./libs/${lib}/src/index.ts`]),
    ),
    logLevel: 'warning',
  });
  const { status } = spawnSync(process.execPath, ['--expose-gc', outfile], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** The first words of the comment it begins with. */
function firstLine(name) {
  const text = readFileSync(`${FOLDER}/${name}${ENDING}`, 'utf8');
  return /^(?:\/\/|\/\*\*\s*\*) (.*)/.exec(text)?.[1] ?? '';
}

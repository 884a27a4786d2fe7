import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataFolder, Standalone } from './standalone.js';

/** The repository as it is after `git clone` and `npm ci`: with its packages, and with nothing built. */
const CLONE = resolve('.cache/e2e/clone');
const NEEDED = [
  'apps',
  'libs',
  'packages',
  'scripts',
  'nest-cli.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const data = dataFolder();

beforeAll(() => {
  rmSync(CLONE, { recursive: true, force: true });
  mkdirSync(CLONE, { recursive: true });
  const isSource = (path: string): boolean => !/\/(node_modules|dist)$/.test(path);
  for (const name of NEEDED) cpSync(name, `${CLONE}/${name}`, { recursive: true, filter: isSource });
  symlinkSync(resolve('node_modules'), `${CLONE}/node_modules`);
});

afterAll(() => {
  rmSync(CLONE, { recursive: true, force: true });
  data.remove();
});

it('npm start builds what is not built, serves, and ends with 0 when told to', async () => {
  const [first, second] = [await startAndEnd(), await startAndEnd()];
  console.error(`  ready ${first} ms after the first npm start, with the build; ${second} ms after the second`);
  // What is promised is 30 s and 5 s on a machine of its own with two cores; a busy one may take longer.
  expect(first).toBeLessThan(90_000);
  expect(second).toBeLessThan(15_000);
}, 180_000);

/** Milliseconds until it was ready. */
async function startAndEnd(): Promise<number> {
  const since = performance.now();
  const standalone = await Standalone.start({ folder: data.path, command: ['npm', 'start'], cwd: CLONE }, 120_000);
  const tookMs = Math.round(performance.now() - since);
  expect((await standalone.call('GET', '/jobs')).status).toBe(200);
  // npm's shell is replaced by the program (exec), so that the signal reaches it and its exit code comes back.
  expect(await standalone.end('SIGTERM')).toBe(0);
  return tookMs;
}

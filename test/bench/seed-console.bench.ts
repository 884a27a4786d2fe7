// Fills a data folder with a hundred thousand jobs and a million runs for the console: `FLEETCRON_DATA=FOLDER npm start`
//
//   npm run bench seed-console
//
// FOLDER (a temporary one that stays), JOBS (100000), RUNS (1000000), DAYS (14), SEED (1). LIVE=n adds n jobs that are on
// and fire every five seconds; all others stand still for a month. DEMO=1 fills it with the demo fleet instead, which
// LIVE=1 lets go on at once.
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedDemo } from '../support/demo-fleet.js';
import { seedWorld } from '../support/seeded-world.js';

const folder = process.env.FOLDER ?? mkdtempSync(join(tmpdir(), 'fleetcron-world-'));
const numberOf = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);
const since = performance.now();
const now = Date.now();
const say = (words: string): void =>
  console.error(`${((performance.now() - since) / 1_000).toFixed(1).padStart(7)} s  ${words}`);

const { jobs, runs, chunks, rollups } = process.env.DEMO
  ? await seedDemo(folder, now, { isLive: numberOf('LIVE', 0) > 0 })
  : await seedWorld(folder, {
      jobs: numberOf('JOBS', 100_000),
      runs: numberOf('RUNS', 1_000_000),
      days: numberOf('DAYS', 14),
      seed: numberOf('SEED', 1),
      live: numberOf('LIVE', 0),
      now,
      onProgress: say,
    });
say(`${jobs} jobs, ${runs} records, ${chunks} pieces of output, ${rollups} roll-ups`);
for (const file of readdirSync(folder)) {
  say(`${file}: ${(statSync(join(folder, file)).size / 1_048_576).toFixed(1)} MiB`);
}
console.error(`\nFLEETCRON_DATA=${folder} npm start`);

// How fast the embedded history answers the console's lists with a million runs, and how fast it takes them.
//
//   npm run bench history-lists
//
// RUNS (1000000), JOBS (1000), FOLDER (a temporary one, removed at the end).
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Run } from '@app/jobs';
import { openSqlite } from '@app/platform';
import { EmbeddedHistory } from '../../libs/logs/src/embedded/embedded-history.js';
import { RunFilter } from '../../libs/logs/src/port/history-store.js';
import { APART_MS, FIRST_AT, idOf, recordOf } from './history/records.js';
import { report, Spread, spread } from './results.js';

const RUNS = Number(process.env.RUNS ?? 1_000_000);
const JOBS = Number(process.env.JOBS ?? 1_000);
const ROUNDS = 100;
const LIMIT_MS = 50;

const folder = process.env.FOLDER ?? mkdtempSync(join(tmpdir(), 'fleetcron-bench-'));
const store = new EmbeddedHistory(join(folder, 'history.db'));

const lists: Record<string, Spread & { readonly items: number }> = {};
const FLOOR = 'floor: 50 rows by their ids, parsed';

/** One in 100,000 is by hand. */
function runOf(n: number): Run {
  return { ...recordOf(n, JOBS), trigger: n % 100_000 === 5 ? 'manual' : 'schedule' };
}

async function fill(): Promise<number> {
  const since = performance.now();
  for (let n = 0; n < RUNS; n += 500) {
    await store.writeRuns(Array.from({ length: Math.min(500, RUNS - n) }, (_, k) => runOf(n + k)));
  }
  const seconds = (performance.now() - since) / 1_000;
  const bytes = statSync(join(folder, 'history.db')).size;
  console.error(
    `${RUNS} runs in ${seconds.toFixed(1)} s: ${Math.round(RUNS / seconds)}/s, ${Math.round(bytes / RUNS)} bytes each`,
  );
  return seconds;
}

async function measure(name: string, ask: (round: number) => Promise<number>): Promise<void> {
  const times: number[] = [];
  let items = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const since = performance.now();
    items += await ask(round);
    times.push(performance.now() - since);
  }
  const list = { ...spread(times), items: items / ROUNDS };
  lists[name] = list;
  console.error(
    `${name.padEnd(46)} p50 ${list.p50.toFixed(1)} ms  p95 ${list.p95.toFixed(1)} ms  (${list.items} items)`,
  );
}

async function list(filter: RunFilter): Promise<number> {
  return (await store.findRuns(filter, 50)).items.length;
}

const fillSeconds = await fill();
const loop = monitorEventLoopDelay({ resolution: 1 });
loop.enable();
const end = FIRST_AT + RUNS * APART_MS;
const floor = openSqlite(join(folder, 'history.db'));
const byId = floor.prepare('SELECT doc FROM runs WHERE id = ?');
await measure(FLOOR, async (round) => {
  const rows = Array.from({ length: 50 }, (_, n) => byId.get(idOf((round * 997 + n * 7919) % RUNS)) as { doc: string });
  return rows.map(({ doc }) => JSON.parse(doc)).length;
});
floor.close();
await measure('all, newest first', () => list({}));
await measure('all, from the middle', (round) => list({ to: FIRST_AT + ((end - FIRST_AT) / ROUNDS) * round }));
await measure('of a job', (round) => list({ jobNames: [`job-${round}`] }));
await measure('of 30 jobs', (round) =>
  list({ jobNames: Array.from({ length: 30 }, (_, n) => `job-${n * 7 + round}`) }),
);
await measure('of 500 jobs (a group)', () => list({ jobNames: Array.from({ length: 500 }, (_, n) => `job-${n}`) }));
await measure('failed', () => list({ statuses: ['failed'] }));
await measure('failed of a job', (round) => list({ statuses: ['failed'], jobNames: [`job-${round}`] }));
await measure('running (none)', () => list({ statuses: ['running', 'queued'] }));
await measure('of a worker', (round) => list({ worker: `worker-${round % 20}` }));
await measure('failed on a worker', () => list({ worker: 'worker-7', statuses: ['failed'] }));
await measure('of a worker and a job that never met', () => list({ worker: 'worker-1', jobNames: ['job-2'] }));
await measure('by hand', () => list({ triggers: ['manual'] }));
await measure('by hand and failed (none)', () => list({ triggers: ['manual'], statuses: ['failed'] }));
await measure('text that is everywhere', () => list({ search: 'LINE OF' }));
await measure('text that is nowhere (one page)', () => list({ search: 'no such text' }));
await measure(
  'last 10 runs of 50 jobs',
  async (round) =>
    (
      await store.findLastRuns(
        Array.from({ length: 50 }, (_, n) => `job-${n + round}`),
        10,
      )
    ).size,
);
await measure(
  'fires of a job in a day',
  async (round) => (await store.findFires(`job-${round}`, FIRST_AT, FIRST_AT + 86_400_000, 500)).length,
);
const longestStallMs = Math.round(loop.max / 1e6);
console.error(`longest stall of the event loop while listing: ${longestStallMs} ms`);

loop.reset();
const since = performance.now();
let recomputed = 0;
for (let step = 1; step > 0; recomputed += step) step = await store.recomputeRollups(200);
console.error(
  `${recomputed} roll-ups in ${((performance.now() - since) / 1_000).toFixed(1)} s, longest stall ${(loop.max / 1e6).toFixed(0)} ms`,
);
loop.reset();
const before = performance.now();
let deleted = 0;
for (let step = 1; step > 0 && deleted < 50_000; deleted += step)
  step = await store.deleteExpired({ before: end, limit: 500 });
console.error(
  `${deleted} runs deleted in ${((performance.now() - before) / 1_000).toFixed(1)} s, longest stall ${(loop.max / 1e6).toFixed(0)} ms`,
);
await store.close();
report(
  'history-lists',
  { runs: RUNS, jobs: JOBS, fillSeconds, longestStallMs, lists, recomputedRollups: recomputed, deletedRuns: deleted },
  Object.entries(lists)
    .filter(([name]) => name !== FLOOR)
    .map(([name, { p95 }]) => ({ what: `${name}, p95`, measured: p95, unit: 'ms', atMost: LIMIT_MS })),
);
if (process.env.FOLDER === undefined) rmSync(folder, { recursive: true });

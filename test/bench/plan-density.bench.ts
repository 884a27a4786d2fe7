/**
 * How long it takes to count the fires of 100,000 jobs of mixed schedules over a day and over an hour, as the plan page
 * asks for them. Prints one JSON document; exits 1 when the first answer takes over 2 s or holds the process up for 100 ms.
 *
 *     npm run bench plan-density
 */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { Job, parseJobDocument } from '@app/jobs';
import { countFires, DensitySpan } from '../../apps/master/src/plan/density.js';

const JOBS = 100_000;
const ZONES = ['UTC', 'Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'];
const KINDS: readonly ((i: number) => string)[] = [
  () => 'H H * * *',
  () => 'H * * * *',
  (i) => `${i % 60} ${i % 24} * * *`,
  () => '*/5 * * * *',
  () => 'H/15 * * * *',
  (i) => `${i % 60} ${(i * 7) % 60} ${(i * 13) % 24} * * *`,
  (i) => `${i % 60} */2 * * *`,
  () => 'H H/10 * * * *',
  () => '* * * * *',
  () => '0 9-17 * * 1-5',
];
const NOON = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3_600_000;
const DAY = { from: NOON, to: NOON + 24 * HOUR_MS, stepMs: 300_000 };
const HOUR = { from: NOON, to: NOON + HOUR_MS, stepMs: 60_000 };

const mixed = jobsOf((i) => ({ cronExpr: KINDS[i % KINDS.length]?.(i), timezone: ZONES[(i * 31 + (i % 7)) % 5] }));
/** No two alike: each has a window of its own that begins within the day. */
const noTwoAlike = jobsOf((i) => ({
  cronExpr: 'H H/3 * * * *',
  startAt: new Date(NOON + i * 100).toISOString(),
}));

const rows = [
  await measure('a day, first time', mixed, DAY),
  await measure('a day again', mixed, DAY),
  await measure('an hour', mixed, HOUR),
  await measure('a day, no two jobs alike', noTwoAlike, DAY),
];
process.stdout.write(`${JSON.stringify({ jobs: JOBS, rows }, undefined, 2)}\n`);
process.exit(
  rows.some((row) => row.ms > 2000 && row.isComplete) || rows.some((row) => row.longestSliceMs > 100) ? 1 : 0,
);

async function measure(what: string, jobs: readonly Job[], span: DensitySpan) {
  const started = performance.now();
  let longestSliceMs = 0;
  let breathedAt = started;
  const { counts, isComplete } = await countFires(jobs, span, async () => {
    longestSliceMs = Math.max(longestSliceMs, performance.now() - breathedAt);
    await setImmediate();
    breathedAt = performance.now();
  });
  const ms = Math.round(performance.now() - started);
  const fires = counts.reduce((sum, count) => sum + count, 0);
  return { what, ms, longestSliceMs: Math.round(longestSliceMs), steps: counts.length, fires, isComplete };
}

function jobsOf(fields: (i: number) => object): readonly Job[] {
  return Array.from({ length: JOBS }, (_, i) => {
    return parseJobDocument({ name: `job-${i}`, command: 'true', ...fields(i) }).job;
  });
}

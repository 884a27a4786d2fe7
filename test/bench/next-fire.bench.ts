/**
 * How fast the next fire is found, against cron-parser in the same run. Prints one JSON document; exits 1 when any zoned
 * schedule is less than 200 times as fast.
 *
 *     npx esbuild test/bench/next-fire.bench.ts --bundle --platform=node --format=esm --packages=external \
 *       --outfile=.cache/next-fire.bench.mjs && node .cache/next-fire.bench.mjs
 */
import { performance } from 'node:perf_hooks';
import { compileSchedule } from '@app/jobs';
import { CronExpressionParser } from 'cron-parser';

const EXPRESSIONS = [
  '30 2 * * *',
  '*/15 * * * *',
  '0 9 * * 1-5',
  '0 0 1,15 * *',
  '0 0 29 2 *',
  '0 */10 8-18 * * MON-FRI',
];
const ZONES = ['UTC', 'Europe/Rome', 'America/New_York', 'Asia/Shanghai'];
const FROM = Date.UTC(2026, 0, 1);

interface Row {
  readonly cronExpr: string;
  readonly timezone: string;
  readonly microseconds: number;
  readonly cronParserMicroseconds: number;
  readonly timesAsFast: number;
}

const rows = ZONES.flatMap((timezone) => EXPRESSIONS.map((cronExpr) => measure(cronExpr, timezone)));
const zoned = rows.filter(({ timezone }) => timezone !== 'UTC');
const leastTimesAsFastZoned = Math.min(...zoned.map(({ timesAsFast }) => timesAsFast));
process.stdout.write(`${JSON.stringify({ node: process.version, leastTimesAsFastZoned, rows }, null, 2)}\n`);
if (leastTimesAsFastZoned < 200) process.exitCode = 1;

function measure(cronExpr: string, timezone: string): Row {
  const schedule = compileSchedule({ cronExpr, timezone }, 'bench');
  // Both walk the same fires; a walk that leaves 2056 begins again.
  let at = FROM;
  const oursNext = (): void => {
    at = schedule.next(at > Date.UTC(2056, 0, 1) ? FROM : at) ?? FROM;
  };
  const options = { tz: timezone, currentDate: new Date(FROM) };
  let parsed = CronExpressionParser.parse(cronExpr, options);
  const theirsNext = (): void => {
    if (parsed.next().getTime() > Date.UTC(2056, 0, 1)) parsed = CronExpressionParser.parse(cronExpr, options);
  };
  const microseconds = microsecondsPer(oursNext, 100_000);
  const cronParserMicroseconds = microsecondsPer(theirsNext, 400);
  return {
    cronExpr,
    timezone,
    microseconds: round(microseconds),
    cronParserMicroseconds: round(cronParserMicroseconds),
    timesAsFast: Math.round(cronParserMicroseconds / microseconds),
  };
}

/** Best of five rounds, after one to warm up: other programs on the machine only ever add time. */
function microsecondsPer(action: () => void, times: number): number {
  const rounds = Array.from({ length: 6 }, () => {
    const started = performance.now();
    for (let i = 0; i < times; i++) action();
    return ((performance.now() - started) * 1000) / times;
  });
  return Math.min(...rounds.slice(1));
}

function round(microseconds: number): number {
  return Math.round(microseconds * 1000) / 1000;
}

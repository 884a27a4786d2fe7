import { FieldError, InvalidInput } from '@app/platform';
import { parseAt } from './at-schedule.js';
import { CronSchedule } from './cron/cron-schedule.js';
import { parseCron, splitFields } from './cron/parse-cron.js';
import { resolveHash } from './cron/resolve-hash.js';
import { parseEvery } from './every-schedule.js';
import { expandMacro } from './macros.js';
import { quote, refuseExpression } from './refuse.js';
import { Schedule } from './schedule.js';
import { TimeZone } from './time-zone.js';
import { WindowedSchedule } from './window.js';

/** What a job says about when it fires. */
export interface ScheduleSpec {
  readonly cronExpr: string;
  /** IANA name, in any case. */
  readonly timezone: string;
  /** Epoch milliseconds; fires only at or after. */
  readonly startAt?: number;
  /** Epoch milliseconds; fires only before. */
  readonly endAt?: number;
}

/**
 * The rule a job fires by. Throws InvalidInput (paths `cronExpr`, `timezone`) with every sentence of what is wrong, and
 * takes milliseconds for any input. The name of the job decides what `H` stands for.
 *
 * Equal expressions of a zone share one object, so that a million jobs cost little.
 */
export function compileSchedule(spec: ScheduleSpec, jobName: string): Schedule {
  const errors: FieldError[] = [];
  const zone = TimeZone.of(spec.timezone);
  if (!zone) {
    const message = `there is no time zone ${quote(spec.timezone)}; use an IANA name such as Europe/Berlin or UTC`;
    errors.push({ path: 'timezone', message });
  }
  const schedule = collect(errors, () => shared(spec, zone ?? TimeZone.of('UTC')!, jobName));
  if (!schedule || errors.length > 0) throw new InvalidInput(errors);
  if (spec.startAt === undefined && spec.endAt === undefined) return schedule;
  return new WindowedSchedule(
    schedule,
    spec.startAt ?? Number.NEGATIVE_INFINITY,
    spec.endAt ?? Number.POSITIVE_INFINITY,
  );
}

/**
 * The expression as the parser reads it: blanks trimmed, `@daily` and its like written out, every `H` a number. What
 * `@every` and `@at` say stays. Throws InvalidInput (path `cronExpr`) for what cannot be read at all.
 */
export function plainExpression(cronExpr: string, jobName: string): string {
  const trimmed = cronExpr.trim();
  if (trimmed === '') refuseExpression('is empty; leave it out for a job that is only run by hand');
  if (trimmed.length > MAX_LENGTH) refuseExpression(`has ${trimmed.length} characters; ${MAX_LENGTH} are allowed`);
  return trimmed.startsWith('@') ? expandMacro(trimmed) : resolveHash(trimmed, jobName);
}

const MAX_LENGTH = 1000;

/** Bounded, oldest out first; jobs keep their own reference, so that forgetting only costs sharing. */
const compiled = new Map<string, Schedule>();
const MAX_COMPILED = 20_000;

/** The last question: a job that is read asks it twice in a row. */
let last:
  | { readonly cronExpr: string; readonly timezone: string; readonly jobName: string; schedule: Schedule }
  | undefined;

function shared(spec: ScheduleSpec, zone: TimeZone, jobName: string): Schedule {
  const { cronExpr, timezone } = spec;
  if (last?.cronExpr === cronExpr && last.timezone === timezone && last.jobName === jobName) return last.schedule;
  const schedule = found(spec, zone, jobName);
  last = { cronExpr, timezone, jobName, schedule };
  return schedule;
}

function found(spec: ScheduleSpec, zone: TimeZone, jobName: string): Schedule {
  const expression = plainExpression(spec.cronExpr, jobName);
  const key = `${spec.timezone.toLowerCase()} ${expression}`;
  const known = compiled.get(key);
  if (known) return known;
  const schedule = compile(expression, zone);
  if (compiled.size >= MAX_COMPILED) compiled.delete(compiled.keys().next().value!);
  compiled.set(key, schedule);
  return schedule;
}

function compile(expression: string, zone: TimeZone): Schedule {
  const [macro, ...rest] = expression.split(/[ \t]+/);
  if (macro === '@every') return parseEvery(rest.join(''));
  if (macro === '@at') return parseAt(rest.join(' '), zone);
  return new CronSchedule(parseCron(splitFields(expression)), zone);
}

function collect<T>(errors: FieldError[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    errors.push(...error.errors);
    return undefined;
  }
}

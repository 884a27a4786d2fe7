import { wallClock } from '@/format/instant';
import { type Builder, type EveryUnit, LAST_DAY } from './builder';

/**
 * What an expression is in the builder; `expression` where the builder cannot say it, or where it is wrong. undefined is
 * a job without a schedule. `zone` is the job's.
 */
export function builderOf(cronExpr: string | undefined, zone: string): Builder {
  if (cronExpr === undefined) return { kind: 'hand' };
  const text = cronExpr.trim();
  const macro = MACROS[text.toLowerCase()];
  const found = text.startsWith('@') && !macro ? special(text, zone) : fields(macro ?? text);
  return found ?? { kind: 'expression' };
}

const MACROS: Readonly<Record<string, string>> = {
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

function special(text: string, zone: string): Builder | undefined {
  const [, period] = /^@every\s+((?:\d{1,9}[dhms])+)$/i.exec(text) ?? [];
  if (period) return everyOf(period);
  const [, at, offset] = /^@at\s+(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
  return at ? onceOf(at, offset, zone) : undefined;
}

const SECONDS: readonly (readonly [unit: EveryUnit, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** `1h30m` is 90 minutes: the largest unit that says it whole. */
function everyOf(period: string): Builder | undefined {
  const total = (period.toLowerCase().match(/\d+[dhms]/g) ?? []).reduce((sum, part) => {
    const [, seconds = 0] = SECONDS.find(([unit]) => unit[0] === part.slice(-1)) ?? [];
    return sum + Number(part.slice(0, -1)) * seconds;
  }, 0);
  const [unit, seconds] = SECONDS.find(([, length]) => total > 0 && total % length === 0) ?? [];
  return unit && seconds ? { kind: 'every', count: total / seconds, unit } : undefined;
}

function onceOf(at: string, offset: string | undefined, zone: string): Builder | undefined {
  const written = at.replace(' ', 'T').padEnd(19, ':00');
  if (offset === undefined) return { kind: 'once', at: written };
  const instant = Date.parse(written + offset.replace(/^(..\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(instant)) return undefined;
  const { year, month, day, hour, minute, second } = wallClock(instant, zone);
  return { kind: 'once', at: `${year}-${month}-${day}T${hour}:${minute}:${second}` };
}

function fields(text: string): Builder | undefined {
  const given = text.split(/[ \t]+/);
  if (given.length === 6 && given[0] === '0') given.shift();
  const [minuteText, hourText, dayText, month, weekdayText] = given;
  if (given.length !== 5 || !minuteText || !hourText || !dayText || !weekdayText || !isAny(month)) return undefined;
  if (isAny(dayText) && isAny(weekdayText)) {
    const every = stepOf(minuteText, hourText);
    if (every) return every;
  }
  const [hour, minute] = [whole(hourText, 0, 23), whole(minuteText, 0, 59)];
  if (hour === undefined || minute === undefined) return undefined;
  if (isAny(dayText) && isAny(weekdayText)) return { kind: 'daily', hour, minute };
  if (isAny(dayText)) {
    const days = listOf(weekdayText, 7, weekday);
    const sorted = days && ascending(days.map((day) => (day === 0 ? 7 : day)));
    return (
      sorted && (sorted.length === 7 ? { kind: 'daily', hour, minute } : { kind: 'weekly', hour, minute, days: sorted })
    );
  }
  if (!isAny(weekdayText)) return undefined;
  const days = listOf(dayText, 31, (item) => (/^L$/i.test(item) ? LAST_DAY : whole(item, 1, 31)));
  return days && { kind: 'monthly', hour, minute, days: ascending(days) };
}

function stepOf(minuteText: string, hourText: string): Builder | undefined {
  if (isAny(hourText)) {
    if (minuteText === '*' || minuteText === '*/1') return { kind: 'every', count: 1, unit: 'minute' };
    const step = /^(?:\*|0)\/(\d+)$/.exec(minuteText)?.[1];
    // A step that does not divide the hour begins anew each hour: the builder has no word for that.
    if (step && Number(step) > 1 && 60 % Number(step) === 0 && Number(step) < 60) {
      return { kind: 'every', count: Number(step), unit: 'minute' };
    }
  }
  const minute = whole(minuteText, 0, 59);
  const step = hourText === '*' ? 1 : Number(/^(?:\*|0)\/(\d+)$/.exec(hourText)?.[1] ?? 0);
  return minute !== undefined && step > 0 && step < 24 && 24 % step === 0
    ? { kind: 'every', count: step, unit: 'hour', minute }
    : undefined;
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function weekday(text: string): number | undefined {
  const named = WEEKDAYS.indexOf(text.toLowerCase());
  return named >= 0 ? named : whole(text, 0, 7);
}

/** The values of a list of values and ranges; undefined where something else stands in it. */
function listOf(text: string, max: number, read: (item: string) => number | undefined): number[] | undefined {
  const values: number[] = [];
  for (const item of text.split(',')) {
    const [low = '', high, ...rest] = item.split('-');
    const from = read(low);
    let to = high === undefined ? from : read(high);
    if (max === 7 && high !== undefined && to === 0) to = 7;
    if (from === undefined || to === undefined || rest.length > 0 || to < from) return undefined;
    if (high !== undefined && to > max) return undefined;
    for (let value = from; value <= to; value++) values.push(value);
  }
  return values;
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function isAny(text: string | undefined): boolean {
  return text === '*' || text === '?';
}

function whole(text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

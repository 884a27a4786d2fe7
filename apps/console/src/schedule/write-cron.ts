import { type Builder, type Every, LAST_DAY } from './builder';

/** The expression of a schedule that was chosen. undefined: by hand, or only an expression says it. */
export function cronOf(builder: Builder): string | undefined {
  switch (builder.kind) {
    case 'every':
      return everyText(builder);
    case 'daily':
      return `${builder.minute} ${builder.hour} * * *`;
    case 'weekly':
      return `${builder.minute} ${builder.hour} * * ${weekdaysText(builder.days)}`;
    case 'monthly':
      return `${builder.minute} ${builder.hour} ${monthDaysText(builder.days)} * *`;
    case 'once':
      return `@at ${builder.at}`;
    case 'hand':
    case 'expression':
      return undefined;
  }
}

/** Whether a period of hours can begin at a minute of the hour: those that divide the day go with the clocks. */
export function hasMinute({ count, unit }: Every): boolean {
  return unit === 'hour' && 24 % count === 0;
}

/** Steps that divide the hour or the day go with the clocks; the others are counted on end. */
function everyText(every: Every): string {
  const { count, unit, minute = 0 } = every;
  if (unit === 'minute' && count < 60 && 60 % count === 0) return count === 1 ? '* * * * *' : `*/${count} * * * *`;
  if (hasMinute(every))
    return count === 1 ? `${minute} * * * *` : `${minute} ${count === 24 ? '0' : `*/${count}`} * * *`;
  return `@every ${count}${unit[0]}`;
}

const NAMES = ['', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

function weekdaysText(days: readonly number[]): string {
  if (days.length === 7) return '*';
  return stretches(days)
    .map(([from, to]) => (from === to ? NAMES[from] : `${NAMES[from]}-${NAMES[to]}`))
    .join(',');
}

function monthDaysText(days: readonly number[]): string {
  const numbers = days.filter((day) => day !== LAST_DAY);
  const texts = stretches(numbers).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return [...texts, ...(days.includes(LAST_DAY) ? ['L'] : [])].join(',');
}

/** Ascending numbers as stretches; two in a row stay two. */
function stretches(numbers: readonly number[]): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (const value of numbers) {
    const last = found.at(-1);
    if (last && last[1] === value - 1) last[1] = value;
    else found.push([value, value]);
  }
  return found.flatMap(([from, to]): [number, number][] =>
    to - from === 1
      ? [
          [from, from],
          [to, to],
        ]
      : [[from, to]],
  );
}

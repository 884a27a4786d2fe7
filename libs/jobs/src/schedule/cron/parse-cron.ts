import { quote, refuseExpression } from '../refuse.js';
import { word } from './bits.js';
import { DayRule, type Years } from './day-rule.js';
import { fieldsFor, HOUR, MINUTE, MONTH, SECOND, YEAR } from './fields.js';
import { parseDays } from './parse-days.js';
import { parseField } from './parse-field.js';
import { TimeOfDay } from './time-of-day.js';
import { WallClockRule } from './wall-clock-rule.js';

/** The texts of an expression's fields, by name; five- and six-field expressions filled up. */
export interface CronFields {
  readonly second: string;
  readonly minute: string;
  readonly hour: string;
  readonly day: string;
  readonly month: string;
  readonly weekday: string;
  readonly year: string;
}

/** Splits an expression of 5, 6 (seconds first) or 7 (year last) fields. Throws InvalidInput for any other number. */
export function splitFields(expression: string): CronFields {
  const texts = expression.split(/[ \t]+/);
  if (!fieldsFor(texts.length)) {
    const has = texts.length === 1 ? '1 field' : `${texts.length} fields`;
    refuseExpression(
      `${quote(expression)} has ${has}; a schedule has 5 (minute, hour, day of month, month, day of week), ` +
        '6 with seconds first, or 7 with the year last',
    );
  }
  const [second, minute, hour, day, month, weekday, year = '*'] = texts.length === 5 ? ['0', ...texts] : texts;
  return { second, minute, hour, day, month, weekday, year } as CronFields;
}

/** Reads an expression in which no `H` is left. Throws InvalidInput naming the field that is wrong. */
export function parseCron(fields: CronFields): WallClockRule {
  const times = new TimeOfDay(
    parseField(fields.second, SECOND),
    parseField(fields.minute, MINUTE),
    parseField(fields.hour, HOUR),
  );
  const isFixedTime = !fields.minute.startsWith('*') && !fields.hour.startsWith('*');
  const rule = new WallClockRule(times, dayRule(fields), isFixedTime);
  if (rule.next(0) < 0) {
    const year = fields.year === '*' ? '' : ` with year ${quote(fields.year)}`;
    refuseExpression(
      `never fires: no date has day of month ${quote(fields.day)} in month ${quote(fields.month)}` +
        ` with day of week ${quote(fields.weekday)}${year}`,
    );
  }
  return rule;
}

/** Equal day fields share one rule: a million jobs have few of them. */
const dayRules = new Map<string, DayRule>();

function dayRule(fields: CronFields): DayRule {
  const key = `${fields.day} ${fields.month} ${fields.weekday} ${fields.year}`;
  let rule = dayRules.get(key);
  if (!rule) {
    const years: Years = fields.year === '*' ? undefined : parseField(fields.year, YEAR);
    rule = new DayRule(parseDays(fields.day, fields.weekday), word(parseField(fields.month, MONTH)), years);
    if (dayRules.size >= 5000) dayRules.clear();
    dayRules.set(key, rule);
  }
  return rule;
}

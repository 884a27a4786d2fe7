import { quote, refuseExpression } from '../refuse.js';
import { word } from './bits.js';
import { DAY, WEEKDAY } from './fields.js';
import { type DayFields, type DayPlace } from './month-days.js';
import { parseField, parseValue } from './parse-field.js';

/** Reads the day-of-month and day-of-week fields, with Quartz's `L`, `L-3`, `LW`, `15W`, `5L`, `FRI#2` and `?`. */
export function parseDays(dayText: string, weekdayText: string): DayFields {
  const places: DayPlace[] = [];
  const days = parseField(questionToStar(dayText), DAY, (item) => {
    const place = parsePlace(item);
    if (place) places.push(place);
    return place !== undefined;
  });
  const nth: number[] = [];
  const last: number[] = [];
  const weekdays = parseField(questionToStar(weekdayText), WEEKDAY, (item) => parseWeekdayPlace(item, nth, last));
  return {
    days: word(days.map((day) => day - 1)),
    places,
    weekdays: sundays(weekdays),
    nthWeekdays: nth,
    lastWeekdays: sundays(last),
    both: bothDayFieldsCount(dayText, weekdayText),
  };
}

/** Whether a day must satisfy both day fields rather than either: see `DayFields.both`. */
export function bothDayFieldsCount(dayText: string, weekdayText: string): boolean {
  return /^[*?]/.test(dayText) || /^[*?]/.test(weekdayText);
}

function questionToStar(text: string): string {
  return text === '?' ? '*' : text;
}

function parsePlace(item: string): DayPlace | undefined {
  if (/^L$/i.test(item)) return { kind: 'last', before: 0 };
  if (/^(LW|WL)$/i.test(item)) return { kind: 'lastWeekday' };
  const [, before, day] = /^L-(\d{1,9})$|^(\d{1,9})W$/i.exec(item) ?? [];
  if (before !== undefined) {
    const count = Number(before);
    if (count < 1 || count > 30) refuseExpression(`day of month ${quote(item)} is not one of L-1 to L-30`);
    return { kind: 'last', before: count };
  }
  return day === undefined ? undefined : { kind: 'nearestWeekday', day: parseValue(day, DAY) };
}

function parseWeekdayPlace(item: string, nth: number[], last: number[]): boolean {
  if (/^L$/i.test(item)) refuseExpression('day of week "L" says no day; write 5L for the last Friday of the month');
  const lastOf = /^(\d+|[a-z]{3,9})L$/i.exec(item);
  if (lastOf) {
    last.push(parseValue(lastOf[1]!, WEEKDAY));
    return true;
  }
  const [day, week, ...rest] = item.split('#');
  if (week === undefined) return false;
  if (rest.length > 0 || !/^[1-5]$/.test(week)) {
    refuseExpression(`day of week ${quote(item)} must have one # with a week from 1 to 5, such as FRI#2`);
  }
  const index = Number(week) - 1;
  while (nth.length <= index) nth.push(0);
  nth[index]! |= sundays([parseValue(day!, WEEKDAY)]);
  return true;
}

/** Weekday bits, 7 being the other name of Sunday. */
function sundays(weekdays: readonly number[]): number {
  return word(weekdays.map((day) => day % 7));
}

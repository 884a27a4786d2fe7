import { MONTH, WEEKDAY } from '../cron/fields.js';
import { CronFields } from '../cron/parse-cron.js';
import { type WordsLocale } from './describe-schedule.js';

/** The days most schedules have, as people say them ("every Monday and Friday"); undefined for all others. */
export function dayWords({ day, month, weekday }: CronFields, locale: WordsLocale): string | undefined {
  if (isAny(day)) return month === '*' ? weekdayWords(weekday, locale) : undefined;
  if (!isAny(weekday)) return undefined;
  if (month === '*') return monthDayWords(day, locale);
  const number = MONTH.names?.get(month.toLowerCase()) ?? Number(month);
  if (!/^\d+$/.test(day) || !Number.isInteger(number)) return undefined;
  return locale === 'zh'
    ? `每年 ${number} 月 ${Number(day)} 日`
    : `Every year on ${Number(day)} ${ENGLISH_MONTHS[number - 1]}`;
}

/** More than so many days of a month are no longer said one by one. */
const MAX_MONTH_DAYS = 5;

function weekdayWords(text: string, locale: WordsLocale): string | undefined {
  if (text === '*') return locale === 'zh' ? '每天' : 'Every day';
  const days = listOf(text, (item) => WEEKDAY.names?.get(item.toLowerCase()) ?? numberOf(item));
  if (!days) return undefined;
  // Weeks begin on Monday, and 0 is the same day as 7.
  const week = ascending(days.map((each) => (each % 7 === 0 ? 7 : each)));
  if (week.length === 7) return locale === 'zh' ? '每天' : 'Every day';
  if (week.join('') === '12345') return locale === 'zh' ? '工作日' : 'Every weekday';
  if (locale === 'zh') return `每周${week.map((each) => CHINESE_DAYS[each]).join('、')}`;
  return `Every ${andList(week.map((each) => ENGLISH_DAYS[each]!))}`;
}

function monthDayWords(text: string, locale: WordsLocale): string | undefined {
  const items = text.split(',');
  const isLast = items.some((item) => item.toUpperCase() === 'L');
  const rest = items.filter((item) => item.toUpperCase() !== 'L');
  const listed = rest.length === 0 ? [] : listOf(rest.join(','), numberOf);
  if (!listed || listed.length > MAX_MONTH_DAYS) return undefined;
  const days = ascending(listed);
  if (locale === 'zh') {
    if (days.length === 0) return '每月最后一天';
    return `每月 ${days.join('、')} 日${isLast ? '和最后一天' : ''}`;
  }
  if (days.length === 0) return 'Every month on the last day';
  const named = andList([...days.map(String), ...(isLast ? ['the last'] : [])]);
  return `Every month on day${days.length === 1 && !isLast ? '' : 's'} ${named}`;
}

/** The values of a list of values and ranges; undefined where it holds anything else, such as a step or `FRI#2`. */
function listOf(text: string, read: (item: string) => number | undefined): number[] | undefined {
  const values: number[] = [];
  for (const item of text.split(',')) {
    const [low = '', high, ...rest] = item.split('-');
    const from = read(low);
    const end = high === undefined ? from : read(high);
    if (from === undefined || end === undefined || rest.length > 0) return undefined;
    // `FRI-SUN` means the Sunday after.
    const to = end < from ? end + 7 : end;
    for (let value = from; value <= to; value++) values.push(value);
  }
  return values;
}

function numberOf(text: string): number | undefined {
  return /^\d{1,2}$/.test(text) ? Number(text) : undefined;
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function andList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function isAny(text: string): boolean {
  return text === '*' || text === '?';
}

const CHINESE_DAYS = ' 一二三四五六日';
const ENGLISH_DAYS = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const ENGLISH_MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

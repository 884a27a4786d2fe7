import cronstrue from 'cronstrue';
import 'cronstrue/locales/zh_CN.js';
import { type CronFields, splitFields } from '../cron/parse-cron.js';
import { bothDayFieldsCount } from '../cron/parse-days.js';
import { commonWords } from './common-words.js';
import { type WordsLocale } from './describe-schedule.js';

/** A valid expression of 5 to 7 fields without `H`, in words. */
export function cronInWords(expression: string, locale: WordsLocale): string {
  const fields = splitFields(expression);
  const common = commonWords(fields, locale);
  if (common !== undefined) return common;
  const { second, minute, hour, day, month, weekday, year } = fields;
  const isAllYears = year === '*';
  const written = [second, minute, hour, day, month, shortNames(weekday), isAllYears ? '' : year].join(' ').trim();
  const isBoth = bothDayFieldsCount(day, weekday);
  try {
    return eitherDay(translate(written, locale, isBoth), isBoth);
  } catch {
    return inOurWords(fields, locale, isBoth);
  }
}

function translate(expression: string, locale: WordsLocale, isBoth: boolean): string {
  return cronstrue.toString(expression, {
    locale: locale === 'zh' ? 'zh_CN' : 'en',
    use24HourTimeFormat: true,
    logicalAndDayFields: isBoth,
  });
}

/** cronstrue knows names of three letters only. */
function shortNames(weekday: string): string {
  return weekday.replace(/[a-z]{3,}/gi, (name) => name.slice(0, 3));
}

/** Where either day field suffices, cronstrue says "and on" in English. */
function eitherDay(words: string, isBoth: boolean): string {
  return isBoth ? words : words.replace(', and on ', ' or on ');
}

/** What cronstrue refuses, such as `1W,15W`: its words for the time of day, ours for the days. */
function inOurWords(fields: CronFields, locale: WordsLocale, isBoth: boolean): string {
  const { second, minute, hour, day, month, weekday, year } = fields;
  const time = translate(`${second} ${minute} ${hour} * * *`, locale, true);
  const label = locale === 'zh' ? CHINESE : ENGLISH;
  const days = [day === '*' ? '' : label.day + day, weekday === '*' ? '' : label.weekday + weekday].filter(Boolean);
  const dayWords = days.join(isBoth ? label.and : label.or);
  const rest = [month === '*' ? '' : label.month + month, year === '*' ? '' : label.year + year];
  return [time, dayWords, ...rest].filter(Boolean).join(', ');
}

const ENGLISH = {
  day: 'on day ',
  weekday: 'on day of week ',
  month: 'in month ',
  year: 'in year ',
  and: ' and ',
  or: ' or ',
};
const CHINESE = { day: '日期为 ', weekday: '星期为 ', month: '月份为 ', year: '年份为 ', and: ' 且 ', or: ' 或 ' };

import { type CronFields } from '../cron/parse-cron.js';
import { dayWords } from './day-words.js';
import { type WordsLocale } from './describe-schedule.js';

/**
 * The schedules most jobs have, as people say them ("every day at 01:00"); undefined for all others. The fields are
 * valid and without `H`.
 */
export function commonWords(fields: CronFields, locale: WordsLocale): string | undefined {
  if (fields.year !== '*') return undefined;
  const isEveryDay = fields.day === '*' && fields.month === '*' && fields.weekday === '*';
  const interval = isEveryDay ? intervalWords(fields, locale) : undefined;
  return interval ?? dailyWords(fields, locale);
}

function intervalWords({ second, minute, hour }: CronFields, locale: WordsLocale): string | undefined {
  if (minute === '*' && hour === '*' && second !== '0') return everyWords(second, 60, locale, 'second', '秒');
  if (second !== '0') return undefined;
  if (hour === '*' && isNumber(minute)) {
    if (Number(minute) === 0) return locale === 'zh' ? '每小时整点' : 'Every hour';
    return locale === 'zh' ? `每小时第 ${Number(minute)} 分` : `Every hour at :${two(minute)}`;
  }
  if (hour === '*') return everyWords(minute, 60, locale, 'minute', '分钟');
  return isNumber(minute) && Number(minute) === 0 ? everyWords(hour, 24, locale, 'hour', '小时') : undefined;
}

/** "Every 10 minutes", where the steps are even around the clock: a step of 7 minutes leaps at the hour. */
function everyWords(text: string, size: number, locale: WordsLocale, en: string, zh: string): string | undefined {
  const step = text === '*' ? 1 : Number(/^\*\/(\d+)$/.exec(text)?.[1]);
  if (!(step < size && size % step === 0)) return undefined;
  if (step === 1) return locale === 'zh' ? `每${zh}` : `Every ${en}`;
  return locale === 'zh' ? `每 ${step} ${zh}` : `Every ${step} ${en}s`;
}

function dailyWords(fields: CronFields, locale: WordsLocale): string | undefined {
  const { second, minute, hour } = fields;
  if (second !== '0' || !isNumber(minute) || !isNumber(hour)) return undefined;
  const days = dayWords(fields, locale);
  const time = `${two(hour)}:${two(minute)}`;
  if (days === undefined) return undefined;
  return locale === 'zh' ? `${days} ${time}` : `${days} at ${time}`;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

function two(number: string): string {
  return String(Number(number)).padStart(2, '0');
}

import { AtSchedule } from '../at-schedule.js';
import { compileSchedule, plainExpression } from '../compile.js';
import { EverySchedule } from '../every-schedule.js';
import { TimeZone } from '../time-zone.js';
import { cronInWords } from './cron-in-words.js';

/** Languages the schedule can be told in. */
export type WordsLocale = 'en' | 'zh';

/**
 * The schedule as a person would say it, zone included: "Every weekday at 02:30 (Europe/Berlin)". `jobName` decides what
 * `H` stands for. Throws InvalidInput for what `compileSchedule` refuses, and never for anything else.
 */
export function describeSchedule(cronExpr: string, timezone: string, locale: WordsLocale, jobName = ''): string {
  const words = scheduleInWords(cronExpr, timezone, locale, jobName);
  if (/^\s*@every/i.test(cronExpr)) return words;
  return locale === 'zh' ? `${words}（${timezone}）` : `${words} (${timezone})`;
}

/** As `describeSchedule`, for a place that shows the zone beside it. */
export function scheduleInWords(cronExpr: string, timezone: string, locale: WordsLocale, jobName = ''): string {
  const schedule = compileSchedule({ cronExpr, timezone }, jobName);
  if (schedule instanceof EverySchedule) return everyInWords(schedule.periodSeconds, locale);
  if (schedule instanceof AtSchedule) return atInWords(schedule.at, timezone, locale);
  return cronInWords(plainExpression(cronExpr, jobName), locale);
}

const UNITS = [
  { seconds: 86_400, en: 'day', zh: '天' },
  { seconds: 3600, en: 'hour', zh: '小时' },
  { seconds: 60, en: 'minute', zh: '分钟' },
  { seconds: 1, en: 'second', zh: '秒' },
] as const;

function everyInWords(periodSeconds: number, locale: WordsLocale): string {
  const whole = UNITS.find(({ seconds }) => seconds === periodSeconds);
  if (whole) return locale === 'zh' ? `每${whole.zh}` : `Every ${whole.en}`;
  const parts: string[] = [];
  let rest = periodSeconds;
  for (const { seconds, en, zh } of UNITS) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push(locale === 'zh' ? `${count} ${zh}` : `${count} ${en}${count === 1 ? '' : 's'}`);
  }
  return `${locale === 'zh' ? '每' : 'Every'} ${parts.join(' ')}`;
}

function atInWords(at: number, timezone: string, locale: WordsLocale): string {
  const { offset } = TimeZone.of(timezone)!.segmentAt(at / 1000);
  const local = new Date(at + offset * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return locale === 'zh' ? `仅一次，${local}` : `Once, at ${local}`;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSchedule } from '../compile.js';
import { previewFires } from '../preview-fires.js';
import { describeSchedule, scheduleInWords, type WordsLocale } from './describe-schedule.js';

describe('a schedule in words', () => {
  const words: readonly (readonly [cronExpr: string, english: string, chinese: string])[] = [
    ['30 2 * * *', 'Every day at 02:30 (Europe/Rome)', '每天 02:30（Europe/Rome）'],
    ['0 6 * * 1-5', 'Every weekday at 06:00', '工作日 06:00'],
    ['@weekly', 'Every Sunday at 00:00 (Europe/Rome)', '每周日 00:00（Europe/Rome）'],
    ['30 7 1 * *', 'Every month on day 1 at 07:30', '每月 1 日 07:30'],
    ['@yearly', 'Every year on 1 January at 00:00', '每年 1 月 1 日 00:00'],
    ['* * * * *', 'Every minute (', '每分钟（'],
    ['*/10 * * * *', 'Every 10 minutes (', '每 10 分钟（'],
    ['*/7 * * * *', 'Every 7 minutes', '每隔 7 分钟'],
    ['0 */2 * * *', 'Every 2 hours (', '每 2 小时（'],
    ['@hourly', 'Every hour (', '每小时整点（'],
    ['5 * * * *', 'Every hour at :05 (', '每小时第 5 分（'],
    ['* * * * * *', 'Every second (', '每秒（'],
    ['30 0 2 * * *', 'At 02:00:30 (', '在02:00:30（'],
    ['*/15 9-17 * * MON-FRI', 'Every 15 minutes, between 09:00 and 17:59, Monday through Friday', '每隔 15 分钟'],
    ['*/5 * * * * *', 'Every 5 seconds', '每 5 秒'],
    ['0 0 LW * *', 'on the last weekday of the month', '限每月的最后一个工作日'],
    ['0 0 L-3 * *', '3 days before the last day of the month', '限每月最后一天之前的第3天'],
    ['0 0 * * 5L', 'on the last Friday of the month', '限每月的最后一个星期五'],
    ['0 0 * * FRI#2', 'on the second Friday of the month', '星期五'],
    ['0 0 * * friday', 'Every Friday at 00:00', '每周五 00:00'],
    ['0 9 * * MON,wed-FRI', 'Every Monday, Wednesday, Thursday and Friday at 09:00', '每周一、三、四、五 09:00'],
    ['0 9 * * SAT,SUN', 'Every Saturday and Sunday at 09:00', '每周六、日 09:00'],
    ['0 9 * * FRI-SUN', 'Every Friday, Saturday and Sunday at 09:00', '每周五、六、日 09:00'],
    ['0 9 * * 0-6', 'Every day at 09:00', '每天 09:00'],
    ['0 8 1,15 * *', 'Every month on days 1 and 15 at 08:00', '每月 1、15 日 08:00'],
    ['0 8 1-3,L * *', 'Every month on days 1, 2, 3 and the last at 08:00', '每月 1、2、3 日和最后一天 08:00'],
    ['0 8 L * *', 'Every month on the last day at 08:00', '每月最后一天 08:00'],
    ['0 8 1-10 * *', 'between day 1 and 10', '10'],
    ['0 8 24 DEC ?', 'Every year on 24 December at 08:00', '每年 12 月 24 日 08:00'],
    ['0 0 */2 * friday', 'only on Friday', '仅星期五'],
    ['0 0 0 1 1 ? 2026-2030', 'only in January, 2026 through 2030', '从2026年至2030年'],
    ['0 0 13 * 5', 'on day 13 of the month or on Friday', '限每月 13 号, 或者为星期五'],
    ['0 0 */2 * 1', 'every 2 days in a month, only on Monday', '每隔 2 天, 仅星期一'],
    ['0 9 1W,15W 6 MON', 'At 09:00, on day 1W,15W or on day of week MON, in month 6', '日期为 1W,15W 或 星期为 MON'],
    ['H H * * *', 'Every day at 10:04 (Europe/Rome)', '每天 10:04（Europe/Rome）'],
    ['@every 90s', 'Every 1 minute 30 seconds', '每 1 分钟 30 秒'],
    ['@every 1h', 'Every hour', '每小时'],
    ['@every 26h', 'Every 1 day 2 hours', '每 1 天 2 小时'],
    [
      '@at 2026-12-01T07:00:00Z',
      'Once, at 2026-12-01 08:00:00 (Europe/Rome)',
      '仅一次，2026-12-01 08:00:00（Europe/Rome）',
    ],
  ];

  it.each(words)('%s', (cronExpr, english, chinese) => {
    expect(describeSchedule(cronExpr, 'Europe/Rome', 'en', 'job')).toContain(english);
    expect(describeSchedule(cronExpr, 'Europe/Rome', 'zh', 'job')).toContain(chinese);
  });

  it('can leave the zone to the place that shows it', () => {
    expect(scheduleInWords('0 1 * * *', 'Asia/Shanghai', 'zh')).toBe('每天 01:00');
  });

  it('says something for every valid expression', () => {
    const field = fc.constantFrom('*', '*/2', '1', '1-5', '2,4', '1-4/2');
    const day = fc.oneof(field, fc.constantFrom('L', 'LW', 'L-2', '1W', '1W,L', '?'));
    const weekday = fc.oneof(field, fc.constantFrom('1L', 'FRI#2', '1#1,7L', 'MON,TUE', 'sunday', 'FRI-SUN'));
    const year = fc.constantFrom('*', '2030', '2028-2032/2');
    fc.assert(
      fc.property(
        fc.tuple(field, field, field, day, field, weekday, year),
        fc.constantFrom('en', 'zh'),
        (fields, locale) => {
          fc.pre(isValid(fields.join(' ')));
          const words = describeSchedule(fields.join(' '), 'UTC', locale as WordsLocale);
          expect(words).toMatch(/\S.*UTC/);
          expect(words).not.toMatch(/undefined|NaN|null/);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('refuses what is no schedule', () => {
    expect(() => describeSchedule('* * *', 'UTC', 'en')).toThrow(/has 3 fields/);
  });
});

/** Some of them name days that no month has. */
function isValid(cronExpr: string): boolean {
  try {
    compileSchedule({ cronExpr, timezone: 'UTC' }, 'job');
    return true;
  } catch {
    return false;
  }
}

describe('a preview', () => {
  const from = Date.UTC(2026, 2, 27, 12);

  it('lists fires strictly after an instant, with the changes of clocks among them', () => {
    const preview = previewFires({ cronExpr: '30 2 * * *', timezone: 'Europe/Rome', from, count: 3 });
    expect(preview).toEqual({
      fires: ['2026-03-28T01:30:00Z', '2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'].map(Date.parse),
      description: 'Every day at 02:30 (Europe/Rome)',
      clockChanges: [{ at: Date.parse('2026-03-29T01:00:00Z'), bySeconds: 3600 }],
    });
    const again = previewFires({
      cronExpr: '30 2 * * *',
      timezone: 'Europe/Rome',
      from: preview.fires[0] ?? 0,
      count: 1,
    });
    expect(again.fires).toEqual([preview.fires[1]]);
  });

  it('ends where the schedule ends', () => {
    expect(previewFires({ cronExpr: '@at 2026-12-01T00:00:00Z', from }).fires).toHaveLength(1);
    expect(previewFires({ cronExpr: '0 0 * * *', from, endAt: from + 864e5 }).fires).toHaveLength(1);
  });

  it.each([0, 501, 1.5, Number.NaN])('of %d fires is refused', (count) => {
    expect(() => previewFires({ cronExpr: '@daily', from, count })).toThrow(
      /count: must be a whole number from 1 to 500/,
    );
  });
});

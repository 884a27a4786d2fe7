import { z } from 'zod';
import { instantText, nameText, whole } from './text.js';

/** Fields that say when the job fires. */
export const timingFields = {
  cronExpr: z
    .string()
    .optional()
    .meta({
      description:
        'When the job fires: 5 cron fields, 6 with seconds first, 7 with the year last; names, ranges, steps, lists, ' +
        'L, W, #, ?, H; @yearly to @hourly, @every 90s, @at 2026-12-01T08:00:00+08:00. Absent: run by hand only.',
      examples: ['0 2 * * *'],
    }),
  timezone: z
    .string()
    .optional()
    .meta({ description: 'IANA time zone of the expression. Default UTC.', examples: ['Europe/Berlin'] }),
  jitterSeconds: whole(0, 86_400)
    .optional()
    .meta({
      description: 'Each fire is delayed by up to this, the same on every worker; below the interval. Default 0.',
      examples: [30],
    }),
  startAt: instantText
    .optional()
    .meta({ description: 'Fires only at or after this instant.', examples: ['2026-12-01T00:00:00Z'] }),
  endAt: instantText
    .optional()
    .meta({ description: 'Fires only before this instant.', examples: ['2027-01-01T00:00:00Z'] }),
  maxRuns: whole(1, 1_000_000_000)
    .optional()
    .meta({ description: 'No more fires after this many runs by schedule.', examples: [10] }),
  calendars: z
    .array(nameText)
    .max(16)
    .optional()
    .meta({ description: 'Calendars of days off. Not available in this version.', examples: [[]] }),
};

import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };
const MAX_WINDOW_MS = 90 * 86_400_000;
const DAY_MS = 86_400_000;

/** How far back something looks, in the query string: `24h`, `7d`; parsed to milliseconds, a day unless given. */
export const windowField = z
  .string()
  .meta({ description: 'How far back: hours or days, at most 90d.', example: '24h', default: '24h' })
  .transform((text, context) => {
    const [, digits = '', unit = ''] = /^(\d{1,4})([hd])$/.exec(text) ?? [];
    const windowMs = Number(digits) * (UNITS[unit] ?? Number.NaN);
    if (!(windowMs > 0 && windowMs <= MAX_WINDOW_MS)) {
      context.addIssue({ code: 'custom', message: 'must be like 24h or 7d, at most 90d' });
      return z.NEVER;
    }
    return windowMs;
  })
  .default(DAY_MS);

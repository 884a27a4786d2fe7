import { z } from 'zod';
import { parseInstant } from '../instant.js';
import { checkName, MAX_NAME_LENGTH } from '../name.js';

/** A text the operating system can carry: no NUL, no half of a surrogate pair. */
export function text(max: number, min = 0) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine((value) => !value.includes('\0'), { error: 'must not hold NUL characters' })
    .refine((value) => !/\p{Surrogate}/u.test(value), { error: 'must be valid Unicode' });
}

/** A text of one line for people. */
export function line(max: number, min = 0) {
  return text(max, min).refine((value) => !/[\p{Cc}\p{Bidi_Control}]/u.test(value), {
    error: 'must not hold control characters',
  });
}

/** A name by the rule of `checkName`. */
export const nameText = z
  .string()
  .superRefine((value, context) => {
    const reason = checkName(value);
    if (reason) context.addIssue({ code: 'custom', message: reason });
  })
  .meta({ minLength: 1, maxLength: MAX_NAME_LENGTH });

/** An ISO 8601 instant with an offset. Stays the text that was written. */
export const instantText = z
  .string()
  .refine((value) => parseInstant(value) !== undefined, {
    error: 'must be an instant such as 2026-12-01T08:00:00Z or 2026-12-01T08:00:00+08:00',
  })
  .meta({ format: 'date-time' });

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number) {
  return z.int().min(min).max(max);
}

/** An exit code of a process. */
export const exitCode = whole(0, 255);

/** Texts by key; at most 64 of them. */
export function textsBy<Key extends z.core.$ZodRecordKey>(key: Key, value: z.ZodString) {
  return z.record(key, value).refine((record) => Object.keys(record).length <= 64, {
    error: 'must have at most 64 entries',
  });
}

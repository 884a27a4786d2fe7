import { z } from 'zod';

/** Instants on the wire are ISO 8601; the years 1970 to 9999 are taken. */
const FIRST_INSTANT = 0;
const LAST_INSTANT = Date.UTC(10_000, 0, 1) - 1;

const EXAMPLE_INSTANT = '2026-12-01T08:00:00.000Z';

/** An instant in an answer: ISO 8601, UTC, with milliseconds. */
export function instant(description: string, example = EXAMPLE_INSTANT) {
  return z.string().meta({ description, example, format: 'date-time' });
}

/** An instant somebody sends: ISO 8601 with `Z` or an offset; parsed to epoch milliseconds. */
export function instantInput(description: string, example = EXAMPLE_INSTANT) {
  return z
    .string()
    .meta({ description, example, format: 'date-time' })
    .transform((text, context) => {
      const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i.test(text)
        ? Date.parse(text)
        : NaN;
      if (!(at >= FIRST_INSTANT && at <= LAST_INSTANT)) {
        context.addIssue({ code: 'custom', message: 'must be an instant like 2026-12-01T08:00:00Z, with its offset' });
        return z.NEVER;
      }
      return at;
    });
}

/** A whole number in the query string. */
export function wholeNumber(description: string, range: { min: number; max: number; fallback: number }) {
  return z
    .string()
    .meta({
      description,
      example: range.fallback,
      type: 'integer',
      minimum: range.min,
      maximum: range.max,
      default: range.fallback,
    })
    .transform((text, context) => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
      if (!(value >= range.min && value <= range.max)) {
        context.addIssue({ code: 'custom', message: `must be a whole number from ${range.min} to ${range.max}` });
        return z.NEVER;
      }
      return value;
    })
    .default(range.fallback);
}

/** `true` or `false` in the query string; absent means false. */
export function flag(description: string) {
  return z
    .string()
    .meta({ description, example: false, type: 'boolean', default: false })
    .transform((text, context) => {
      if (text !== 'true' && text !== 'false') {
        context.addIssue({ code: 'custom', message: 'must be true or false' });
        return z.NEVER;
      }
      return text === 'true';
    })
    .default(false);
}

/** Several words of a fixed set in the query string, separated by commas. */
export function oneOrMore<const T extends string>(words: readonly T[], description: string) {
  return z
    .string()
    .meta({
      description: `${description} One or several, separated by commas: ${words.join(', ')}.`,
      example: words[0],
    })
    .transform((text, context) => {
      const given = text.split(',');
      const unknown = given.find((word) => !(words as readonly string[]).includes(word));
      if (unknown !== undefined) {
        context.addIssue({
          code: 'custom',
          message: `must be of ${words.join(', ')}; "${unknown.slice(0, 40)}" is not`,
        });
        return z.NEVER;
      }
      return [...new Set(given)] as T[];
    });
}

/** Text of a person in the query string, taken literally. */
export function text(description: string, example: string, maxLength = 200) {
  return z.string().min(1, 'must not be empty').max(maxLength).meta({ description, example });
}

/** Page size of every list. */
export const limitField = wholeNumber('How many items at most.', { min: 1, max: 500, fallback: 50 });

/** Where the previous page ended. */
export const cursorField = z
  .string()
  .max(2000)
  .meta({ description: '`nextCursor` of the page before. Opaque.', example: 'eyJhIjoiYmFja3VwIn0' });

/** One page of a list. */
export function pageOf<T extends z.ZodType>(item: T, id: string) {
  return z
    .object({
      items: z.array(item).meta({ description: 'The items of this page, in the order asked for.' }),
      nextCursor: z.string().optional().meta({
        description: 'Pass it as `cursor` for the next page; absent on the last.',
        example: 'eyJhIjoiYmFja3VwIn0',
      }),
      total: z
        .number()
        .int()
        .optional()
        .meta({ description: 'Items in all, where that is known cheaply.', example: 128 }),
    })
    .meta({ id, description: 'One page of a list.' });
}

/** Epoch milliseconds as they travel; undefined stays undefined. */
export function iso(at: number): string;
export function iso(at: number | undefined): string | undefined;
export function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

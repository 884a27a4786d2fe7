import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobDocumentSchema } from './job-document.js';
import { isPlain } from './plain-document.js';

const FIELDS = Object.keys(jobDocumentSchema.shape);
const TEXTS = [
  '',
  'a',
  'hello',
  'ä',
  '-x',
  'x'.repeat(129),
  'x'.repeat(5000),
  'a\0b',
  'a\nb',
  '\ud800',
  '\u202e',
  'shell',
];
const WORDS = ['http', 'allow', 'queue', 'skip', 'retry', '*/5 * * * *', 'UTC', '2026-12-01T08:00:00Z'];

/** Any value a field may have, most of them of the kind that some field takes. */
const value = fc.oneof(
  fc.constantFrom<unknown>(...TEXTS, ...WORDS, true, false, null, 0, -0, 1, 2.5, 60, 3601, 1e9, -1, [], [0], {}),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.dictionary(fc.constantFrom(...TEXTS), fc.constantFrom<unknown>(...TEXTS, 1), { maxKeys: 4 }),
  fc.dictionary(fc.string({ maxLength: 4 }), fc.constant('x'), { minKeys: 60, maxKeys: 70, size: 'max' }),
);
const document = fc
  .tuple(
    fc.constantFrom('hello', 'ä', '', '.x'),
    fc.dictionary(fc.constantFrom(...FIELDS, 'foo'), value, { maxKeys: 4 }),
  )
  .map(([name, fields]) => ({ name, ...fields }) as { name: string });

describe('a glance at a document', () => {
  it('says yes only to what the schema accepts, and takes as it is', () => {
    fc.assert(
      fc.property(document, (candidate) => {
        if (isPlain(candidate)) expect(jobDocumentSchema.parse(candidate)).toEqual(candidate);
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    [{ name: 'hello', command: 'echo hello', cronExpr: '*/5 * * * *' }],
    [{ name: 'a.b-c_1', command: 'x', timezone: 'Europe/Berlin', labels: { team: 'billing' }, paused: true }],
    [{ name: 'n', command: 'x', v: 1, group: 'db', concurrencyPolicy: 'allow', timeoutSeconds: 60, jitterSeconds: 0 }],
  ])('says yes to %j', (plain) => {
    expect(isPlain(plain)).toBe(true);
  });

  it.each([
    [{ name: 'hello', comand: 'x' }],
    [{ name: '', command: 'x' }],
    [{ name: 'hello', command: '' }],
    [{ name: 'hello', executor: 'http' }],
    [{ name: 'hello', toString: 'x' }],
    [{ name: 'hello', timeoutSeconds: 0 }],
  ])('leaves %j to the schema', (odd) => {
    expect(isPlain(odd)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { isSame, valueAt, withValue } from './paths';

describe('values in a document', () => {
  it('are found by their path', () => {
    expect(valueAt({ retry: { limit: 2 } }, ['retry', 'limit'])).toBe(2);
    expect(valueAt({ retry: 'no map' }, ['retry', 'limit'])).toBeUndefined();
  });

  it('are set without touching anything else', () => {
    const document = { name: 'a', retry: { limit: 2, novelty: 1 } };
    expect(withValue(document, ['retry', 'limit'], 3)).toEqual({ name: 'a', retry: { limit: 3, novelty: 1 } });
    expect(document.retry.limit).toBe(2);
    expect(withValue({ name: 'a' }, ['routing', 'worker'], 'w')).toEqual({ name: 'a', routing: { worker: 'w' } });
  });

  it('go with what held nothing else', () => {
    expect(withValue({ name: 'a', routing: { worker: 'w' } }, ['routing', 'worker'], undefined)).toEqual({ name: 'a' });
    const document = { routing: { worker: 'w', mode: 'any' } };
    expect(withValue(document, ['routing', 'worker'], undefined)).toEqual({ routing: { mode: 'any' } });
  });

  it('are the same whatever the order of keys', () => {
    expect(isSame({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true);
    expect(isSame({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
    expect(isSame({ a: undefined }, {})).toBe(false);
    expect(isSame([], {})).toBe(false);
  });
});

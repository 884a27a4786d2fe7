import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FirstFew } from './first-few.js';

describe('the first few', () => {
  it('are what sorting all and taking the beginning would give, equals in the order they came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: 1, max: 8 }), (numbers, most) => {
        const items = numbers.map((value, place) => ({ value, place }));
        const few = new FirstFew<(typeof items)[number]>(most, (a, b) => a.value - b.value);
        for (const item of items) few.add(item);
        expect(few.items).toEqual([...items].sort((a, b) => a.value - b.value).slice(0, most));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from './key-order.js';
import { SortedKeys } from './sorted-keys.js';

const anyKey = fc.string({ unit: 'binary', maxLength: 6 });

function bytewise(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

describe('compareKeys', () => {
  it.each([
    ['a', 'b'],
    ['a', 'aa'],
    ['', 'a'],
    ['z', 'é'],
    ['\uff21', '\u{10400}'],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
    ['x\u{1f600}', 'x\u{1f601}'],
  ])('puts %j before %j, as their bytes in UTF-8 do', (a, b) => {
    expect([compareKeys(a, b) < 0, compareKeys(b, a) > 0, compareKeys(a, a)]).toEqual([true, true, 0]);
  });

  it('agrees with the order of the bytes for any two keys', () => {
    fc.assert(fc.property(anyKey, anyKey, (a, b) => Math.sign(compareKeys(a, b)) === bytewise(a, b)));
  });
});

describe('SortedKeys', () => {
  it('holds what a sorted set holds, whatever is added and removed', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('add', 'remove'), anyKey), { maxLength: 200 });
    fc.assert(
      fc.property(steps, anyKey, fc.boolean(), (changes, start, inclusive) => {
        const [keys, expected] = [new SortedKeys(), new Set<string>()];
        for (const [kind, key] of changes) {
          if (kind === 'add' && !expected.has(key)) {
            keys.add(key);
            expected.add(key);
          } else if (kind === 'remove') {
            keys.remove(key);
            expected.delete(key);
          }
        }
        const rest = [...expected].sort(bytewise).filter((key) => bytewise(key, start) >= (inclusive ? 0 : 1));
        expect([...keys.from(start, inclusive)]).toEqual(rest);
      }),
    );
  });

  it('keeps its order through many chunks', () => {
    const keys = new SortedKeys();
    const names = Array.from({ length: 5_000 }, (_, index) => `/jobs/${(index * 7919) % 5_000}`);
    for (const name of names) keys.add(name);
    for (const name of names.slice(0, 2_500)) keys.remove(name);
    expect([...keys.from('', true)]).toEqual(names.slice(2_500).sort());
    for (const name of names.slice(2_500)) keys.remove(name);
    expect([...keys.from('', true)]).toEqual([]);
    keys.add('/again');
    expect([...keys.from('/', true)]).toEqual(['/again']);
  });
});

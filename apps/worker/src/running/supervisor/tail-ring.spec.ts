import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailRing } from './tail-ring.js';

describe('a tail ring', () => {
  it('holds the last bytes of all that was pushed, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 30 }), (limit, pieces) => {
        const ring = new TailRing(limit);
        for (const piece of pieces) ring.push(Buffer.from(piece));
        const all = Buffer.concat(pieces);
        const expected = all.subarray(Math.max(0, all.length - limit));
        expect(ring.bytes()).toEqual(expected);
        expect(ring.length).toBe(expected.length);
      }),
    );
  });

  it('grows beyond its first capacity up to its limit', () => {
    const ring = new TailRing(100_000);
    for (let i = 0; i < 300; i += 1) ring.push(Buffer.alloc(1_000, i));
    expect(ring.length).toBe(100_000);
    expect([ring.bytes()[0], ring.bytes().at(-1)]).toEqual([200, 299 % 256]);
  });

  it('gives copies', () => {
    const ring = new TailRing(4);
    ring.push(Buffer.from('abcd'));
    const before = ring.bytes();
    ring.push(Buffer.from('ef'));
    expect([before.toString(), ring.bytes().toString()]).toEqual(['abcd', 'cdef']);
  });
});

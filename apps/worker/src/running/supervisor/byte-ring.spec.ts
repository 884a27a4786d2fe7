import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteRing } from './byte-ring.js';

describe('a byte ring', () => {
  it('holds the last bytes of all that was pushed, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 30 }), (limit, pieces) => {
        const ring = new ByteRing(limit);
        for (const piece of pieces) ring.push(Buffer.from(piece));
        const all = Buffer.concat(pieces);
        const expected = all.subarray(Math.max(0, all.length - limit));
        expect(ring.bytes()).toEqual(expected);
        expect(ring.length).toBe(expected.length);
      }),
    );
  });

  it('grows beyond its first capacity up to its limit', () => {
    const ring = new ByteRing(100_000);
    for (let i = 0; i < 300; i += 1) ring.push(Buffer.alloc(1_000, i));
    expect(ring.length).toBe(100_000);
    expect([ring.bytes()[0], ring.bytes().at(-1)]).toEqual([200, 299 % 256]);
  });

  it('gives copies', () => {
    const ring = new ByteRing(4);
    ring.push(Buffer.from('abcd'));
    const before = ring.bytes();
    ring.push(Buffer.from('ef'));
    expect([before.toString(), ring.bytes().toString()]).toEqual(['abcd', 'cdef']);
  });

  it('gives its bytes from the front, in pieces, while more are pushed', () => {
    const turn = fc.record({ push: fc.uint8Array({ maxLength: 80 }), take: fc.nat(60) });
    fc.assert(
      fc.property(fc.nat(50), fc.array(turn, { maxLength: 30 }), (limit, turns) => {
        const ring = new ByteRing(limit);
        let held = Buffer.alloc(0);
        for (const { push, take } of turns) {
          ring.push(Buffer.from(push));
          held = Buffer.concat([held, push]);
          held = held.subarray(Math.max(0, held.length - limit));
          expect(ring.take(take)).toEqual(held.subarray(0, take));
          held = held.subarray(take);
          expect(ring.bytes()).toEqual(held);
        }
      }),
    );
  });
});

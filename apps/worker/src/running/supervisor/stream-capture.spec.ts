import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Captured, StreamCapture } from './stream-capture.js';

function capture(limit: number, pieces: readonly Buffer[], stepMs = 1): { pieces: Captured[]; stream: StreamCapture } {
  const stream = new StreamCapture(limit);
  const taken: Captured[] = [];
  pieces.forEach((piece, index) => {
    stream.push(piece, index * stepMs);
    // Not after each: what comes while nobody takes is held.
    if (index % 3 === 0) taken.push(...takeAll(stream));
  });
  stream.end();
  return { pieces: [...taken, ...takeAll(stream)], stream };
}

function takeAll(stream: StreamCapture): Captured[] {
  const taken: Captured[] = [];
  for (let piece = stream.take(); piece; piece = stream.take()) taken.push(piece);
  return taken;
}

describe('the capture of a stream', () => {
  it('keeps everything below its limit', () => {
    const { pieces, stream } = capture(10, [Buffer.from('abc'), Buffer.from('defghij')]);
    expect(Buffer.concat(pieces.map((piece) => piece.data)).toString()).toBe('abcdefghij');
    expect(pieces.every((piece) => piece.cutBefore === 0)).toBe(true);
    expect(stream.cutBytes).toBe(0);
  });

  it('keeps head and tail above it, and marks the cut once', () => {
    const { pieces, stream } = capture(6, [Buffer.from('abcdefghij')]);
    expect(pieces.map(({ offset, cutBefore, data }) => [offset, cutBefore, data.toString()])).toEqual([
      [0, 0, 'abc'],
      [7, 4, 'hij'],
    ]);
    expect([stream.bytes, stream.cutBytes]).toEqual([10, 4]);
  });

  it('accounts for every byte: pieces and cuts follow each other without a gap', () => {
    const piece = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.nat(400), fc.array(piece, { maxLength: 40 }), fc.nat(200), (limit, input, stepMs) => {
        const { pieces, stream } = capture(limit, input, stepMs);
        const all = Buffer.concat(input);
        let at = 0;
        for (const { offset, cutBefore, data } of pieces) {
          at += cutBefore;
          expect(offset).toBe(at);
          expect(data).toEqual(all.subarray(offset, offset + data.length));
          at += data.length;
        }
        expect(at).toBe(all.length);
        expect(all.length - stream.cutBytes).toBe(Math.min(limit, all.length));
        expect(pieces.map((each) => each.at)).toEqual(pieces.map((each) => each.at).sort((a, b) => a - b));
      }),
    );
  });

  it('holds its head while nobody takes it, whatever comes meanwhile', () => {
    const stream = new StreamCapture(8);
    for (const [index, letter] of [...'abcdefghijklmnop'].entries()) stream.push(Buffer.from(letter), index);
    expect(stream.waiting).toBe(4);
    stream.end();
    expect(takeAll(stream)).toMatchObject([
      { offset: 0, cutBefore: 0, data: Buffer.from('abcd') },
      { offset: 12, cutBefore: 8, data: Buffer.from('mnop') },
    ]);
  });

  it('gives nothing of the tail before the end', () => {
    const stream = new StreamCapture(4);
    stream.push(Buffer.from('abcdef'), 0);
    expect(takeAll(stream)).toMatchObject([{ data: Buffer.from('ab') }]);
    expect(stream.nextAt).toBeUndefined();
    stream.push(Buffer.from('gh'), 500);
    stream.end();
    expect(stream.nextAt).toBe(500);
    expect(takeAll(stream)).toMatchObject([{ offset: 6, cutBefore: 4, data: Buffer.from('gh') }]);
  });

  it('marks a cut of which nothing was kept', () => {
    const { pieces } = capture(0, [Buffer.from('abc')]);
    expect(pieces).toMatchObject([{ offset: 3, cutBefore: 3, data: Buffer.alloc(0) }]);
  });

  it('tells when each part of the tail came, within a tenth of a second', () => {
    const { pieces } = capture(
      2_000,
      Array.from({ length: 1_000 }, () => Buffer.from('xy')),
      10,
    );
    for (const { offset, at } of pieces.slice(500)) expect(Math.abs(at - (offset / 2) * 10)).toBeLessThanOrEqual(100);
  });

  it('gives the last 4 KiB as text, whatever the bytes', () => {
    const { stream } = capture(0, [Buffer.alloc(5_000, 'a'), Buffer.from([0xff, 0x62])]);
    expect(stream.textTail).toBe(`${'a'.repeat(4_094)}\uFFFDb`);
  });
});

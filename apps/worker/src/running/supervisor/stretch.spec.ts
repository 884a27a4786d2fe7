import { describe, expect, it } from 'vitest';
import { type Piece, Stretch } from './stretch.js';

function takeAll(stretch: Stretch): Piece[] {
  const taken: Piece[] = [];
  for (let piece = stretch.take(); piece; piece = stretch.take()) taken.push(piece);
  return taken;
}

/** Pushes so many single bytes, one each `stepMs`, into a stretch. */
function trickle(count: number, stepMs: number, limit = count): Stretch {
  const stretch = new Stretch(limit);
  for (let i = 0; i < count; i += 1) stretch.push(Buffer.from([i]), i, i * stepMs);
  return stretch;
}

describe('a stretch', () => {
  it('gives what came together as one piece, and what came later as another', () => {
    const pieces = takeAll(trickle(100, 5));
    expect(pieces.map(({ offset, at, data }) => [offset, at, data.length])).toEqual([
      [0, 0, 20],
      [20, 100, 20],
      [40, 200, 20],
      [60, 300, 20],
      [80, 400, 20],
    ]);
  });

  it('gives no piece beyond 64 KiB', () => {
    const stretch = new Stretch(200_000);
    stretch.push(Buffer.alloc(150_000), 0, 7);
    expect(takeAll(stretch).map(({ offset, at, data }) => [offset, at, data.length])).toEqual([
      [0, 7, 65_536],
      [65_536, 7, 65_536],
      [131_072, 7, 18_928],
    ]);
  });

  it('keeps the times of what it holds within a tenth of a second, however much went before', () => {
    for (const { offset, at } of takeAll(trickle(100_000, 1, 5_000))) expect(offset - at).toBeLessThanOrEqual(100);
  });

  it('keeps coarser times of what it holds for long, in bounded memory', () => {
    const pieces = takeAll(trickle(10_000, 1_000));
    expect(pieces.length).toBeLessThanOrEqual(129);
    expect(pieces[0]).toMatchObject({ offset: 0, at: 0 });
    for (const { offset, at } of pieces) expect(at).toBe(offset * 1_000);
  });

  it('counts what it lost, and not what was taken', () => {
    const stretch = trickle(10, 1, 6);
    expect([stretch.lost, stretch.length]).toEqual([4, 6]);
    expect(stretch.take()?.offset).toBe(4);
    expect([stretch.lost, stretch.length]).toEqual([4, 0]);
  });
});

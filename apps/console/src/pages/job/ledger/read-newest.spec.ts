import { describe, expect, it } from 'vitest';
import { readNewest } from './read-newest';

const SECOND = 1000;
const DAY = 86_400_000;

/** Answers as the server does: the oldest of the span, at most `limit`. */
function server(fires: readonly number[], limit: number) {
  const asked: { from: number; to: number }[] = [];
  return {
    asked,
    read: async (span: { from: number; to: number }) => {
      asked.push(span);
      const within = fires.filter((at) => at >= span.from && at < span.to);
      return { items: within.slice(0, limit), completeTo: within[limit] ?? span.to };
    },
  };
}
const every = (stepMs: number, from = 0, to = DAY) =>
  Array.from({ length: (to - from) / stepMs }, (_, index) => from + index * stepMs);

describe('the newest of a day', () => {
  it('is the whole day where it fits, newest first', async () => {
    const { read, asked } = server(every(3600 * SECOND), 200);
    const { items, from } = await readNewest(read, { from: 0, to: DAY });
    expect(items).toHaveLength(24);
    expect(items[0]).toBe(23 * 3600 * SECOND);
    expect([from, asked.length]).toEqual([0, 1]);
  });

  it.each([1, 10, 60])('takes few calls for a fire every %d s', async (seconds) => {
    const { read, asked } = server(every(seconds * SECOND), 200);
    const { items, from } = await readNewest(read, { from: 0, to: DAY });
    expect(items[0]).toBe(DAY - seconds * SECOND);
    expect(items.length).toBeGreaterThan(50);
    expect(items.at(-1)).toBeGreaterThanOrEqual(from);
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  it('finds a crowd at the far end of the day', async () => {
    const { read, asked } = server(every(SECOND, 0, 3600 * SECOND), 200);
    const { items } = await readNewest(read, { from: 0, to: DAY });
    expect(items[0]).toBe(3599 * SECOND);
    expect(asked.length).toBeLessThan(40);
  });

  it('goes on page by page until the beginning, leaving nothing out', async () => {
    const { read } = server(every(60 * SECOND), 200);
    const seen: number[] = [];
    let to = DAY;
    while (to > 0) {
      const { items, from } = await readNewest(read, { from: 0, to });
      seen.push(...items);
      to = from;
    }
    expect(seen).toEqual(every(60 * SECOND).reverse());
  });

  it('is nothing where nothing was scheduled', async () => {
    expect(await readNewest(server([], 200).read, { from: 0, to: DAY })).toEqual({ items: [], from: 0 });
  });
});

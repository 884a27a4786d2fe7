import { expect, it, vi } from 'vitest';
import { slicesOf } from './export-jobs';

vi.mock('@/api/ask', () => ({ ask: vi.fn() }));

it('puts names into slices that fit into an address, and loses none', () => {
  const names = Array.from({ length: 1_000 }, (_, n) => `日终对账-${n}`);
  const slices = slicesOf(names);
  expect(slices.flat()).toEqual(names);
  for (const slice of slices) expect(encodeURIComponent(slice.join(',')).length).toBeLessThan(6_000);
  expect(slicesOf([])).toEqual([]);
});

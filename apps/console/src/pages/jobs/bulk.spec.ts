import type { BulkResult } from '@fleetcron/sdk';
import { expect, it, vi } from 'vitest';
import { ApiProblem } from '@/api/problem';
import { inSlices } from './bulk';

vi.mock('@/ui/notify', () => ({ notifyDone: vi.fn() }));
vi.mock('@/i18n', () => ({ addWords: vi.fn() }));
vi.mock('@/api/ask', () => ({ ask: vi.fn() }));

const NOT_FOUND = { en: 'There is no job "b".', zh: '没有名为 "b" 的任务。' };
const NAMES = Array.from({ length: 250 }, (_, n) => `job-${n}`);
const allDone = (slice: readonly string[]): BulkResult => ({
  done: slice.length,
  failed: 0,
  items: slice.map((name) => ({ name, isDone: true })),
});

it('goes through all, a hundred at a time, and tells how far it is', async () => {
  const told: number[] = [];
  const sizes: number[] = [];
  const { done, failed } = await inSlices(
    NAMES,
    async (slice) => {
      sizes.push(slice.length);
      return allDone(slice);
    },
    (count) => told.push(count),
  );
  expect([done, failed]).toEqual([NAMES, []]);
  expect(sizes).toEqual([100, 100, 50]);
  expect(told).toEqual([100, 200, 250]);
});

it('says of each why it was not done', async () => {
  const { done, failed } = await inSlices(['a', 'b', 'c'], async () => ({
    done: 1,
    failed: 2,
    items: [
      { name: 'a', isDone: true },
      { name: 'b', isDone: false, code: 'not_found', message: NOT_FOUND.en, text: NOT_FOUND },
      { name: 'c', isDone: false, code: 'invalid_job' },
    ],
  }));
  expect(done).toEqual(['a']);
  expect(failed).toEqual([
    { name: 'b', why: 'There is no job "b".' },
    { name: 'c', why: 'invalid_job' },
  ]);
});

it('stops at a slice that fails as a whole, and counts the rest as not done', async () => {
  const asked = vi.fn(async (slice: readonly string[]) => {
    if (slice[0] === 'job-100') throw new ApiProblem('store_unavailable', 'etcd does not answer', 503);
    return allDone(slice);
  });
  const { done, failed } = await inSlices(NAMES, asked);
  expect(asked).toHaveBeenCalledTimes(2);
  expect(done).toHaveLength(100);
  expect(failed).toHaveLength(150);
  expect(failed[149]).toEqual({ name: 'job-249', why: 'etcd does not answer' });
});

import type { Job } from '@fleetcron/sdk';
import { expect, it } from 'vitest';
import { sharedWith } from './shared-rows';

const job = (name: string, part: Partial<Job> = {}): Job => ({
  name,
  revision: 1,
  state: 'enabled',
  running: 0,
  recentRuns: [{ id: `${name}.1`, status: 'failed', scheduledTime: '2026-11-21T01:00:00.000Z' }],
  ...part,
});

it('keeps the objects of rows that say the same', () => {
  const before = [job('a'), job('b')];
  const shared = sharedWith(before, [job('b'), job('a'), job('c')]);
  expect(shared[0]).toBe(before[1]);
  expect(shared[1]).toBe(before[0]);
  expect(shared[2]).toEqual(job('c'));
});

it('takes what changed, and keeps the runs where only something else did', () => {
  const before = [job('a')];
  const [changed] = sharedWith(before, [job('a', { nextFireAt: '2026-11-21T02:00:00.000Z' })]);
  expect(changed).toEqual(job('a', { nextFireAt: '2026-11-21T02:00:00.000Z' }));
  expect(changed?.recentRuns).toBe(before[0]?.recentRuns);
  expect(sharedWith(before, [job('a', { recentRuns: [] })])[0]?.recentRuns).toEqual([]);
});

it('begins with what comes first', () => {
  const fresh = [job('a')];
  expect(sharedWith(undefined, fresh)).toEqual(fresh);
});

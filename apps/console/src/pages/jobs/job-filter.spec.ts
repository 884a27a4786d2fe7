import { expect, it } from 'vitest';
import { filterOf, isFiltered } from './job-filter';

const NONE = { search: '', group: '', label: '', state: '' };

it('asks for all jobs where the address says nothing', () => {
  expect(filterOf(NONE)).toEqual({});
  expect(isFiltered(filterOf(NONE))).toBe(false);
});

it('takes what the API knows, and nothing else', () => {
  expect(filterOf({ search: 'clear', group: 'edge', label: 'team=pay', state: 'paused' })).toEqual({
    search: 'clear',
    group: 'edge',
    label: 'team=pay',
    state: 'paused',
  });
  expect(filterOf({ ...NONE, state: 'asleep' })).toEqual({});
  expect(filterOf({ ...NONE, search: 'x'.repeat(500) }).search).toHaveLength(200);
});

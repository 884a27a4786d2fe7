import type { Run } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import type { RunChange } from '@/live/changes';
import { patched, told } from './patched';

const run = (id: string, minute: number, status: Run['status'] = 'succeeded'): Run => ({
  id,
  jobName: 'j',
  trigger: 'schedule',
  status,
  scheduledTime: `2026-11-21T01:${String(minute).padStart(2, '0')}:00.000Z`,
  count: 1,
  attempt: 1,
  rootRunId: id,
});
const change = (id: string, status: RunChange['status']): RunChange => ({
  kind: 'run',
  id,
  jobName: 'j',
  status,
  scheduledTime: '',
  attempt: 1,
  revision: 1,
  worker: 'w1',
});

describe('a page of runs that stays put', () => {
  it('takes in what has changed, keeps what has left, and holds back what is new', () => {
    const shown = { items: [run('c', 3, 'running'), run('b', 2), run('a', 1)], nextCursor: 'x' };
    const latest = { items: [run('e', 5), run('d', 4), run('c', 3), run('b', 2)] };
    const { page, added } = patched(shown, latest);
    expect(page.items.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'c succeeded',
      'b succeeded',
      'a succeeded',
    ]);
    expect(page.nextCursor).toBe('x');
    expect(added.map(({ id }) => id)).toEqual(['e', 'd']);
  });

  it('counts nothing as new that only moved up from below', () => {
    const { added } = patched({ items: [run('c', 3), run('b', 2)] }, { items: [run('c', 3), run('a', 1)] });
    expect(added).toEqual([]);
  });

  it('takes the status from the feed at once, and never back from an end', () => {
    const page = { items: [run('b', 2, 'queued'), run('a', 1, 'failed')] };
    const next = told(page, [change('b', 'running'), change('a', 'running'), change('z', 'failed')]);
    expect(next.items.map(({ status, worker }) => [status, worker])).toEqual([
      ['running', 'w1'],
      ['failed', undefined],
    ]);
    expect(told(page, [change('z', 'failed')])).toBe(page);
  });
});

import type { Job, JobVersionList } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { changedFields, versionsOf } from './version-list';

const job = {
  ...{ name: 'a', command: 'three', cronExpr: '0 1 * * *', group: 'default', timezone: 'UTC', revision: 9 },
  ...{ state: 'enabled', running: 0 },
} as Job;
const list: JobVersionList = {
  items: [
    {
      revision: 7,
      document: { name: 'a', command: 'two', cronExpr: '0 1 * * *' },
      replacedAt: '2026-11-21T02:00:00Z',
      replacedBy: 'ann',
    },
    { revision: 5, document: { name: 'a', command: 'two' }, replacedAt: '2026-11-20T02:00:00Z', replacedBy: 'li.wei' },
  ],
};

describe('the versions of a job', () => {
  it('say who put each, and what it changed', () => {
    expect(
      versionsOf(job, list).map(({ revision, by, since, changed, isNow }) => ({ revision, by, since, changed, isNow })),
    ).toEqual([
      { revision: 9, by: 'ann', since: '2026-11-21T02:00:00Z', changed: ['command'], isNow: true },
      { revision: 7, by: 'li.wei', since: '2026-11-20T02:00:00Z', changed: ['cronExpr'], isNow: false },
      { revision: 5, by: undefined, since: undefined, changed: undefined, isNow: false },
    ]);
  });

  it('say who made the first one, where the store noted it', () => {
    const [item] = list.items;
    const first = { ...item!, putAt: '2026-11-19T02:00:00Z', putBy: 'bob' };
    const edited = { ...job, editedAt: '2026-11-21T02:00:00Z', editedBy: 'ann' } as Job;
    expect(versionsOf(edited, { items: [first] })).toMatchObject([
      { revision: 9, by: 'ann', since: '2026-11-21T02:00:00Z' },
      { revision: 7, by: 'bob', since: '2026-11-19T02:00:00Z' },
    ]);
    expect(versionsOf(edited, { items: [] })).toMatchObject([{ by: 'ann', since: '2026-11-21T02:00:00Z' }]);
    expect(Object.keys(versionsOf(edited, { items: [] })[0]!.document)).not.toContain('editedBy');
  });

  it('leave out a definition in force that cannot be read', () => {
    const broken = { ...job, state: 'invalid', invalid: { reason: 'no', errors: [] } } as Job;
    expect(versionsOf(broken, list).map(({ revision, by }) => [revision, by])).toEqual([
      [7, 'li.wei'],
      [5, undefined],
    ]);
  });

  it('of a job that was never changed are one', () => {
    expect(versionsOf(job, { items: [] })).toHaveLength(1);
  });
});

it('fields differ by what they say, not by the order of their keys', () => {
  const before = { labels: { a: '1', b: '2' }, shell: ['a', 'b'], retry: { limit: 1 } };
  const after = { labels: { b: '2', a: '1' }, shell: ['b', 'a'], paused: true };
  expect(changedFields(before, after)).toEqual(['paused', 'retry', 'shell']);
});

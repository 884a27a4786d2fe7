import { InvalidInput } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import type { JobQuery } from './job-control.js';
import { JobList } from './job-list.js';

const JOBS = [
  { name: 'alpha', cronExpr: '30 * * * *', description: 'Sends the REPORT', labels: { team: 'billing' } },
  { name: 'beta', cronExpr: '10 * * * *', group: 'reports', labels: { team: 'ops', note: 'a=b' } },
  { name: 'by-hand', cronExpr: null },
  { name: 'paused', paused: true },
  { name: 'pausedFor', paused: true, pausedUntil: '2026-01-01T01:00:00Z', cronExpr: '20 * * * *' },
  { name: 'pausedOver', paused: true, pausedUntil: '2025-12-31T23:00:00Z', cronExpr: '40 * * * *' },
  { name: 'past', endAt: '2025-12-31T00:00:00Z' },
] as const;

describe('the list of jobs', () => {
  let room: JobsFixture;
  let list: JobList;

  beforeEach(async () => {
    room = new JobsFixture();
    list = new JobList(room.registry, room.clock);
    await room.start();
    for (const job of JOBS) await room.putJob(job);
    await room.put(room.keys.job('broken'), '{"name":"broken","comand":"true"}');
  });

  afterEach(() => room.close());

  const names = (query: Partial<JobQuery>): string[] =>
    list.list({ limit: 500, ...query }).items.map(({ name }) => name);

  it.each<[Partial<JobQuery>, string[]]>([
    [{ search: 'report' }, ['alpha']],
    [{ search: 'PAUSED' }, ['paused', 'pausedFor', 'pausedOver']],
    [{ search: '.*' }, []],
    [{ group: 'reports' }, ['beta']],
    [{ group: 'none' }, []],
    [{ label: 'team' }, ['alpha', 'beta']],
    [{ label: 'team=ops' }, ['beta']],
    [{ label: 'note=a=b' }, ['beta']],
    [{ label: 'team=' }, []],
    [{ label: 'constructor' }, []],
    [{ state: 'invalid' }, ['broken']],
    [{ state: 'paused' }, ['paused', 'pausedFor']],
    [{ state: 'ended' }, ['past']],
    [{ state: 'enabled' }, ['alpha', 'beta', 'by-hand', 'pausedOver']],
    [{ state: 'enabled', search: 'a', label: 'team' }, ['alpha', 'beta']],
  ])('finds by %j: %j', (query, found) => {
    expect(names(query)).toEqual(found);
  });

  it.each<[JobQuery['sort'], string[]]>([
    [undefined, ['alpha', 'beta', 'broken', 'by-hand', 'past', 'paused', 'pausedFor', 'pausedOver']],
    ['-name', ['pausedOver', 'pausedFor', 'paused', 'past', 'by-hand', 'broken', 'beta', 'alpha']],
    ['next', ['beta', 'alpha', 'pausedOver', 'pausedFor', 'broken', 'by-hand', 'past', 'paused']],
    ['-next', ['paused', 'past', 'by-hand', 'broken', 'pausedFor', 'pausedOver', 'alpha', 'beta']],
  ])('sorts by %s, those that never fire by name', (sort, order) => {
    expect(names(sort ? { sort } : {})).toEqual(order);
  });

  it('sorts by the next fire as time goes on', () => {
    expect(names({ sort: 'next', label: 'team' })).toEqual(['beta', 'alpha']);
    room.clock.advance(15 * 60_000);
    expect(names({ sort: 'next', label: 'team' })).toEqual(['alpha', 'beta']);
    expect(room.clock.now()).toBe(START + 15 * 60_000);
  });

  it.each(['name', '-name', 'next', '-next'] as const)('gives every job once, page by page, by %s', (sort) => {
    const seen: string[] = [];
    for (let cursor: string | undefined, pages = 0; pages === 0 || cursor !== undefined; pages++) {
      const page = list.list({ limit: 3, sort, ...(cursor ? { cursor } : {}) });
      expect(page.total).toBe(8);
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
      expect(pages).toBeLessThan(3);
    }
    expect(seen).toEqual(names({ sort }));
  });

  it('has no next page after one that is exactly full', () => {
    expect(list.list({ limit: 8 }).nextCursor).toBeUndefined();
    expect(list.list({ limit: 7 }).nextCursor).toBeDefined();
  });

  it('goes on at the same place when jobs come and go between two pages', async () => {
    const first = list.list({ limit: 3 });
    expect(first.items.map(({ name }) => name)).toEqual(['alpha', 'beta', 'broken']);
    await room.delete(room.keys.job('broken'));
    await room.delete(room.keys.job('alpha'));
    await room.putJob({ name: 'aaa' });
    const second = list.list({ limit: 2, ...(first.nextCursor ? { cursor: first.nextCursor } : {}) });
    expect(second.items.map(({ name }) => name)).toEqual(['by-hand', 'past']);
  });

  it('ends when everything after the cursor has gone', async () => {
    const { nextCursor: cursor = '' } = list.list({ limit: 7 });
    await room.delete(room.keys.job('pausedOver'));
    expect(list.list({ limit: 7, cursor })).toEqual({ items: [], total: 7 });
  });

  const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each(['', 'x', '%%%', forged({}), forged([1]), forged([1, 2]), forged(['1', 'a']), forged([1, 'a', 2])])(
    'refuses a forged cursor: "%s"',
    (cursor) => {
      expect(() => list.list({ limit: 3, cursor })).toThrow(InvalidInput);
    },
  );
});

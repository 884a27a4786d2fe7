import { listRuns } from '@fleetcron/sdk';
import { beforeEach, expect, it, vi } from 'vitest';
import { findLastSuccess, findNext, findPrevious } from './neighbours';

vi.mock('@fleetcron/sdk', () => ({ listRuns: vi.fn() }));
vi.mock('@/api/ask', () => ({ ask: (call: () => unknown) => call() }));

const run = { jobName: 'nightly', scheduledTime: '2026-11-21T01:00:00.000Z', rootRunId: 'b.1' };
const at = (id: string, scheduledTime: string) => ({ id, rootRunId: id, scheduledTime });
const gives = (...items: object[]) => vi.mocked(listRuns).mockResolvedValue({ items } as never);
const query = () => vi.mocked(listRuns).mock.calls[0]?.[0]?.query;

beforeEach(() => void vi.mocked(listRuns).mockReset());

it('the next run is the first after this one, asked for at once however far it is', async () => {
  gives(at('c.1', '2027-11-21T01:00:00.000Z'));
  expect((await findNext(run))?.id).toBe('c.1');
  expect(query()).toEqual({ job: 'nightly', from: '2026-11-21T01:00:00.001Z', sort: 'asc', limit: 1 });
  gives();
  expect(await findNext(run)).toBeUndefined();
});

it('the previous run is none of this fire', async () => {
  gives(at('b.2', run.scheduledTime), at('a.1', '2026-11-20T01:00:00.000Z'));
  expect((await findPrevious(run))?.id).toBe('a.1');
  gives(at('b.2', run.scheduledTime));
  expect(await findPrevious(run)).toBeUndefined();
});

it('a success to compare with is none of its own attempts', async () => {
  gives({ ...at('b.2', run.scheduledTime), rootRunId: 'b.1' }, at('a.1', '2026-11-20T01:00:00.000Z'));
  expect((await findLastSuccess(run))?.id).toBe('a.1');
  expect(query()).toMatchObject({ status: 'succeeded', to: run.scheduledTime });
});

import type { Run } from '@fleetcron/sdk';
import { expect, it } from 'vitest';
import type { RunChange } from '@/live/changes';
import { toldOf } from './told';

const run = (id: string, status: Run['status']) => ({ id, jobName: 'j', status }) as Run;
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

it('the feed tells a status at once, and never takes one back from an end', () => {
  const told = toldOf([change('b', 'running'), change('a', 'running'), change('z', 'failed')]);
  expect(told(run('b', 'queued'))).toMatchObject({ status: 'running', worker: 'w1' });
  expect(told(run('a', 'failed'))).toBeUndefined();
  expect(told({ ...run('b', 'running'), worker: 'w1' })).toBeUndefined();
  expect(told(run('c', 'queued'))).toBeUndefined();
});

import { ManualClock } from '@app/platform';
import { expect, it } from 'vitest';
import { FakeJobs } from '../../../../test/support/fake-jobs.js';
import { HttpFace } from '../../../../test/support/http-face.js';
import { WorkerView } from '../ports/worker-directory.js';

const machine = { host: 'db1', address: '10.0.0.7', pid: 4711, version: '0.1.0', schema: 1, slots: 100, running: 0 };
const worker = (facts: Partial<WorkerView>): WorkerView => ({
  ...{ id: 'w1', ...machine, group: 'default', labels: {}, state: 'ready', ...facts },
});
const told = { en: 'No worker may run etl: look at their group and selector.' };

it.each<[string, readonly WorkerView[], object | undefined]>([
  ['none has its label', [worker({}), worker({ id: 'w2', group: 'edge', labels: { disk: 'ssd' } })], told],
  ['the one that has it drains', [worker({ labels: { disk: 'ssd' }, state: 'draining' })], told],
  ['one may', [worker({}), worker({ id: 'w2', labels: { disk: 'ssd' } })], undefined],
  ['no worker is there at all: the cluster says so', [], undefined],
])('a job says that no worker may run it, or is silent, when %s', async (_, workers, expected) => {
  const clock = new ManualClock();
  const jobs = new FakeJobs(clock);
  const directory = { list: async () => workers, drain: async () => {}, undrain: async () => {} };
  const face = await HttpFace.start({ clock, jobs, catalog: jobs, workers: directory });
  const document = { name: 'etl', command: 'true', routing: { selector: { disk: 'ssd' } } };
  await jobs.create(document, { name: 'ann' });
  const { json } = await face.call('GET', '/api/v1/jobs/etl');
  if (expected) expect(json.cannotRun).toMatchObject(expected);
  else expect(json.cannotRun).toBeUndefined();
  await face.close();
});

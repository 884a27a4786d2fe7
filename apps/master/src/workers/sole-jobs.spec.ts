import { ManualClock } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { FakeJobs } from '../../../../test/support/fake-jobs.js';
import { HttpFace } from '../../../../test/support/http-face.js';
import { WorkerView } from '../ports/worker-directory.js';

const ANN = { name: 'ann' };

function worker(id: string, facts: Partial<WorkerView> = {}): WorkerView {
  const machine = { host: 'db1', address: '10.0.0.7', pid: 4711, version: '0.1.0', schema: 1, slots: 100, running: 0 };
  return { id, ...machine, group: 'default', labels: {}, state: 'ready', ...facts };
}

async function faceWith(workers: readonly WorkerView[]) {
  const clock = new ManualClock();
  const jobs = new FakeJobs(clock);
  const directory = { list: async () => workers, drain: async () => {}, undrain: async () => {} };
  const face = await HttpFace.start({ clock, jobs, catalog: jobs, workers: directory });
  const create = (name: string, more: object) =>
    jobs.create({ name, command: 'true', cronExpr: '0 * * * *', ...more }, ANN);
  return { face, jobs, create, ask: (id: string) => face.call('GET', `/api/v1/workers/${id}/sole-jobs`) };
}

describe('the jobs that only one worker can run', () => {
  it('are those of its group, labels or name that nobody else fits', async () => {
    const { face, create, ask } = await faceWith([
      worker('ssd', { labels: { disk: 'ssd' } }),
      worker('edge', { group: 'edge' }),
      worker('plain'),
    ]);
    await create('anywhere', {});
    await create('needs-ssd', { routing: { selector: { disk: 'ssd' } } });
    await create('at-the-edge', { group: 'edge' });
    await create('pinned', { routing: { worker: 'plain' } });
    await create('nowhere', { group: 'none' });
    expect((await ask('ssd')).json).toEqual({ items: ['needs-ssd'], total: 1 });
    expect((await ask('edge')).json.items).toEqual(['at-the-edge']);
    expect((await ask('plain')).json.items).toEqual(['pinned']);
    expect((await ask('nobody')).status).toBe(404);
    await face.close();
  });

  it('count nobody in who takes no work, and no job that does not fire', async () => {
    const { face, jobs, create, ask } = await faceWith([
      worker('w1'),
      worker('leaving', { state: 'draining' }),
      worker('ill', { state: 'unwell' }),
    ]);
    await create('mine', {});
    await create('paused', { paused: true });
    await create('over', { cronExpr: '@at 1970-01-01T00:00:00Z' });
    jobs.putInvalid('broken', 'is not JSON');
    expect((await ask('w1')).json.items).toEqual(['mine']);
    await face.close();
  });

  it('are named up to a hundred', async () => {
    const { face, create, ask } = await faceWith([worker('w1')]);
    for (let i = 0; i < 120; i += 1) {
      await create(`job-${String(i).padStart(3, '0')}`, {});
    }
    const { json } = await ask('w1');
    expect(json.total).toBe(120);
    expect(json.items).toHaveLength(100);
    expect(json.items[99]).toBe('job-099');
    await face.close();
  });
});

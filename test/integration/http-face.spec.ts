import { MemoryStore, put, transaction } from '@app/etcd';
import { JobRegistry, Keys, StoreJobControl } from '@app/jobs';
import { SystemClock, silentLog } from '@app/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MirroredRuns } from '../../apps/master/src/live/mirrored-runs.js';
import { HttpFace } from '../support/http-face.js';

/** The whole way from HTTP to the store and back, with everything real but the network between store and master. */
describe('a master over its store', () => {
  const clock = new SystemClock();
  const keys = new Keys('/cron');
  const store = new MemoryStore(clock);
  const registry = new JobRegistry(store, keys, clock, silentLog);
  const liveRuns = new MirroredRuns(store, keys, clock, silentLog);
  let isClockGood = true;
  let face: HttpFace;

  beforeAll(async () => {
    await Promise.all([registry.start(), liveRuns.start()]);
    const jobs = new StoreJobControl({
      store,
      keys,
      clock,
      log: silentLog,
      registry,
      id: 'master-1',
      isClockGood: () => isClockGood,
      isRecorded: async () => false,
    });
    face = await HttpFace.start({ store, clock, jobs, liveRuns, catalog: { all: () => registry.all() } });
  });
  afterAll(async () => {
    liveRuns.close();
    registry.close();
    await face.close();
  });

  const make = (name: string) =>
    face.call('POST', '/api/v1/jobs', { body: { name, command: 'true', cronExpr: '*/5 * * * *' } });

  it('takes a job that workers can read at once', async () => {
    const made = await make('hello');
    expect(made.status).toBe(201);
    expect(JSON.parse((await store.get('/cron/jobs/hello'))?.value.toString() ?? '')).toMatchObject({
      name: 'hello',
      command: 'true',
      cronExpr: '*/5 * * * *',
    });
    expect((await face.call('GET', '/api/v1/jobs/hello')).json.revision).toBe(made.json.revision);
    await expect.poll(async () => (await face.call('GET', '/api/v1/jobs')).json.total).toBe(1);
  });

  it('lets one of two edits at the same moment through', async () => {
    const etag = (await make('race')).headers.get('etag') ?? '';
    const edit = (command: string) =>
      face.call('PUT', '/api/v1/jobs/race', { body: { command }, headers: { 'If-Match': etag } });
    const answers = await Promise.all([edit('one'), edit('two')]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
  });

  it('knows a job that another client put, and shows one that is none', async () => {
    const foreign = put('/cron/jobs/foreign', '{"name":"foreign","command":"true"}');
    await store.transactAll([transaction([], [foreign, put('/cron/jobs/broken', '{')])]);
    expect((await face.call('GET', '/api/v1/jobs/foreign')).json).toMatchObject({ state: 'enabled', command: 'true' });
    expect((await face.call('GET', '/api/v1/jobs/broken')).json).toMatchObject({ state: 'invalid' });
  });

  it('queues a run once per Idempotency-Key and shows it', async () => {
    await make('by-hand');
    const ask = () =>
      face.call('POST', '/api/v1/jobs/by-hand/run', { body: {}, headers: { 'Idempotency-Key': 'one' } });
    const [first, second] = [await ask(), await ask()];
    expect(first.status).toBe(202);
    expect(second.json.runId).toBe(first.json.runId);
    const { runId } = first.json;
    await expect.poll(async () => (await face.call('GET', `/api/v1/runs/${runId}`)).json.status).toBe('queued');
    expect((await face.call('GET', '/api/v1/runs?status=queued')).json.items).toHaveLength(1);
    expect((await face.call('POST', `/api/v1/runs/${runId}/cancel`)).status).toBe(202);
    expect((await face.call('POST', '/api/v1/runs/nothing/kill')).status).toBe(404);
  });

  it('keeps earlier definitions and puts them back', async () => {
    await make('story');
    await face.call('PATCH', '/api/v1/jobs/story', { body: { command: 'newer' } });
    const [version] = (await face.call('GET', '/api/v1/jobs/story/versions')).json.items;
    expect(version).toMatchObject({ document: { command: 'true' }, replacedBy: 'token:bootstrap' });
    const restored = await face.call('POST', `/api/v1/jobs/story/versions/${version.revision}/restore`);
    expect(restored.json.command).toBe('true');
  });

  it('refuses names that are none, wherever they stand', async () => {
    for (const name of ['../x', 'a/b', '', 'x'.repeat(129), 'a\u202eb', ' a']) {
      expect((await make(name)).status).toBe(422);
      const path = `/api/v1/jobs/${encodeURIComponent(name)}`;
      expect([400, 404, 422]).toContain((await face.call('PUT', path, { body: { command: 'x' } })).status);
      expect([200, 400, 404]).toContain((await face.call('GET', path)).status);
    }
  });

  it('takes no edit while its clock is off', async () => {
    isClockGood = false;
    const answer = await make('late');
    isClockGood = true;
    expect(answer.json).toMatchObject({ status: 503, code: 'clock_suspect' });
  });
});

import { Run } from '@app/jobs';
import { ManualClock } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobs } from '../../../../test/support/fake-jobs.js';
import { HttpFace } from '../../../../test/support/http-face.js';

const NOW = Date.UTC(2026, 0, 1, 12, 1);

describe('jobs over HTTP', () => {
  let face: HttpFace;
  let jobs: FakeJobs;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock({ now: NOW });
    jobs = new FakeJobs(clock);
    face = await HttpFace.start({ clock, jobs, catalog: jobs });
  });
  afterEach(() => face.close());

  const create = (name: string, more: object = {}) =>
    face.call('POST', '/api/v1/jobs', { body: { name, command: 'true', cronExpr: '*/5 * * * *', ...more } });

  it('are made of three fields', async () => {
    const answer = await create('hello');
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/api/v1/jobs/hello');
    expect(answer.headers.get('etag')).toBe(`"${answer.json.revision}"`);
    expect(answer.json).toMatchObject({
      name: 'hello',
      command: 'true',
      group: 'default',
      paused: false,
      timezone: 'UTC',
      state: 'enabled',
      nextFireAt: '2026-01-01T12:05:00.000Z',
      running: 0,
      editedBy: 'token:bootstrap',
      editedAt: '2026-01-01T12:01:00.000Z',
    });
    expect(answer.json.scheduleText.en).toContain('Every 5 minutes');
    expect(jobs.asked).toEqual([{ what: 'create', name: 'hello', by: 'token:bootstrap', details: undefined }]);
  });

  it('say how many runs are on their way: what ended is not, though history may not have it yet', async () => {
    const run = (id: string, status: Run['status']): Run => ({
      id,
      status,
      jobName: 'busy',
      trigger: 'manual',
      scheduledTime: NOW,
      count: 1,
      attempt: 1,
      rootRunId: id,
    });
    const live = [run('r1', 'running'), run('r2', 'queued'), run('r3', 'killed')];
    const busy = await HttpFace.start({
      jobs,
      catalog: jobs,
      liveRuns: { find: async () => undefined, seek: async () => undefined, list: () => live },
    });
    await create('busy');
    expect((await busy.call('GET', '/api/v1/jobs/busy')).json).toMatchObject({ running: 2, queued: 1 });
    // Whoever heard of its end finds it.
    const { json } = await busy.call('GET', '/api/v1/jobs?recentRuns=5');
    expect(json.items[0].recentRuns).toMatchObject([{ id: 'r3', status: 'killed' }]);
    await busy.close();
  });

  it('are refused with every field that is wrong', async () => {
    const answer = await create('hello', { cronExpr: '0 25 * * *', timezone: 'Foo/Bar', colour: 'red' });
    expect(answer.status).toBe(422);
    expect(answer.json.code).toBe('invalid_input');
    const paths = answer.json.errors.map((error: { path: string }) => error.path);
    expect(paths).toEqual(expect.arrayContaining(['cronExpr', 'timezone', 'colour']));
  });

  it('are not made twice', async () => {
    await create('hello');
    expect((await create('hello')).json).toMatchObject({ status: 409, code: 'already_exists' });
  });

  it('can be read, changed and put back', async () => {
    await create('hello', { labels: { team: 'a' } });
    const read = await face.call('GET', '/api/v1/jobs/hello');
    const etag = read.headers.get('etag') ?? '';
    const changed = { ...read.json, command: 'false' };
    const put = await face.call('PUT', '/api/v1/jobs/hello', { body: changed, headers: { 'If-Match': etag } });
    expect(put.status).toBe(200);
    expect(put.json).toMatchObject({ command: 'false', labels: { team: 'a' } });
  });

  it('let one of two edits of the same revision through', async () => {
    const etag = (await create('hello')).headers.get('etag') ?? '';
    const edit = (command: string) =>
      face.call('PATCH', '/api/v1/jobs/hello', { body: { command }, headers: { 'If-Match': etag } });
    const answers = [await edit('one'), await edit('two')];
    expect(answers.map((answer) => answer.status)).toEqual([200, 412]);
    expect(answers[1]?.json.code).toBe('revision_conflict');
  });

  it.each(['1234', '*', 'W/"1234"', '"abc"', '"1", "2"', ''])('refuse If-Match %j', async (ifMatch) => {
    await create('hello');
    const answer = await face.call('PUT', '/api/v1/jobs/hello', {
      body: { command: 'x' },
      headers: { 'If-Match': ifMatch },
    });
    expect(answer.status).toBe(422);
    expect(answer.json.errors[0].path).toBe('If-Match');
  });

  it('are made by PUT, changed by a merge patch and deleted', async () => {
    const put = await face.call('PUT', '/api/v1/jobs/put', { body: { command: 'true', timezone: 'Europe/Berlin' } });
    expect(put.status).toBe(201);
    expect(put.json.cronExpr).toBeUndefined();
    const patched = await face.call('PATCH', '/api/v1/jobs/put', {
      body: { timezone: null, cronExpr: '@daily' },
      headers: { 'Content-Type': 'application/merge-patch+json' },
    });
    expect(patched.json).toMatchObject({ timezone: 'UTC', cronExpr: '@daily' });
    expect((await face.call('DELETE', '/api/v1/jobs/put')).status).toBe(204);
    expect((await face.call('GET', '/api/v1/jobs/put')).json.code).toBe('not_found');
  });

  it('are listed in pages, with their newest runs', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    const run = {
      id: 'r1',
      jobName: 'a',
      trigger: 'schedule',
      status: 'failed',
      scheduledTime: NOW,
      count: 1,
    } as const;
    await face.parts.history.writeRuns([{ ...run, attempt: 1, rootRunId: 'r1', reason: 'exit:1' }]);
    const first = await face.call('GET', '/api/v1/jobs?limit=2');
    expect(first.json.total).toBe(3);
    expect(first.json.items.map((job: { name: string }) => job.name)).toEqual(['a', 'b']);
    expect(first.json.items[0].recentRuns).toMatchObject([{ id: 'r1', status: 'failed', reason: 'exit:1' }]);
    const second = await face.call('GET', `/api/v1/jobs?limit=2&cursor=${first.json.nextCursor}&recentRuns=0`);
    expect(second.json.items).toHaveLength(1);
    expect(second.json.items[0].recentRuns).toBeUndefined();
    expect(second.json.nextCursor).toBeUndefined();
  });

  it('that are invalid are shown with their reason', async () => {
    jobs.putInvalid('broken', 'is not JSON');
    const { json } = await face.call('GET', '/api/v1/jobs/broken');
    expect(json).toMatchObject({ name: 'broken', state: 'invalid', invalid: { reason: 'is not JSON' } });
    expect((await face.call('GET', '/api/v1/jobs')).json.items).toHaveLength(1);
    expect((await face.call('GET', '/api/v1/jobs/broken/plan')).json.items).toEqual([]);
  });

  it('are paused with a reason and until an instant, and resumed', async () => {
    await create('hello');
    const body = { reason: 'moving', until: '2026-01-01T13:02:00+01:00' };
    const paused = await face.call('POST', '/api/v1/jobs/hello/pause', { body });
    expect(paused.json).toMatchObject({ paused: true, state: 'paused', pausedReason: 'moving' });
    expect(paused.json.pausedUntil).toBe('2026-01-01T12:02:00.000Z');
    expect(paused.json).toMatchObject({ pausedBy: 'token:bootstrap', pausedAt: '2026-01-01T12:01:00.000Z' });
    expect(paused.json.nextFireAt).toBe('2026-01-01T12:05:00.000Z');
    const forGood = await face.call('POST', '/api/v1/jobs/hello/pause');
    expect(forGood.json.nextFireAt).toBeUndefined();
    expect((await face.call('POST', '/api/v1/jobs/hello/resume')).json.state).toBe('enabled');
  });

  it('tell a pause as one, while it lasts and when it is over', async () => {
    await create('hello');
    clock.advance(60_000);
    await face.call('POST', '/api/v1/jobs/hello/pause', { body: { reason: 'moving' } });
    clock.advance(10 * 60_000);
    const why = async () => (await face.call('GET', '/api/v1/jobs/hello/explain?at=2026-01-01T12:05:00Z')).json;
    const fires = async () =>
      (await face.call('GET', '/api/v1/jobs/hello/fires?from=2026-01-01T12:00:00Z&to=2026-01-01T12:15:00Z')).json;
    const begun = { from: '2026-01-01T12:02:00.000Z', by: 'token:bootstrap', reason: 'moving' };
    const since = 'The job has been paused since 2026-01-01 12:02:00 UTC, by token:bootstrap: moving.';
    expect(await why()).toMatchObject({ code: 'paused', message: since, pause: begun });
    expect(await fires()).toMatchObject({ pauses: [begun], items: [{}, { status: 'paused' }, { status: 'paused' }] });

    await face.call('POST', '/api/v1/jobs/hello/resume');
    const pause = { ...begun, to: '2026-01-01T12:12:00.000Z' };
    expect(await why()).toMatchObject({ code: 'paused', pause, fire: { status: 'paused' } });
    expect((await why()).message).toContain('was paused from 2026-01-01 12:02:00 UTC to 2026-01-01 12:12:00 UTC');
    expect((await fires()).pauses).toEqual([pause]);
  });

  it('are run on request, once per Idempotency-Key', async () => {
    await create('hello');
    const request = { body: { params: { day: '1' }, worker: 'w1' }, headers: { 'Idempotency-Key': 'k1' } };
    const answer = await face.call('POST', '/api/v1/jobs/hello/run', request);
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({ runId: 'run-of-k1' });
    expect(jobs.asked.at(-1)?.details).toEqual({ params: { day: '1' }, worker: 'w1', idempotencyKey: 'k1' });
    const odd = { headers: { 'Idempotency-Key': 'x'.repeat(129) } };
    expect((await face.call('POST', '/api/v1/jobs/hello/run', odd)).status).toBe(422);
    expect((await face.call('POST', '/api/v1/jobs/hello/run', { body: { when: 'now' } })).json.errors).toEqual([
      {
        path: 'when',
        message: 'is not a known field',
        text: { en: 'is not a known field', zh: '没有这个字段' },
      },
    ]);
  });

  it('are killed, set back and restored', async () => {
    await create('hello');
    await face.call('PATCH', '/api/v1/jobs/hello', { body: { command: 'newer' } });
    expect(
      (await face.call('POST', '/api/v1/jobs/hello/kill', { body: { reason: 'hangs' } })).json.runIds,
    ).toHaveLength(1);
    const to = '2026-01-01T00:00:00Z';
    expect((await face.call('POST', '/api/v1/jobs/hello/cursor', { body: { to } })).status).toBe(204);
    const [version] = (await face.call('GET', '/api/v1/jobs/hello/versions')).json.items;
    expect(version).toMatchObject({
      document: { command: 'true' },
      putBy: 'token:bootstrap',
      putAt: '2026-01-01T12:01:00.000Z',
      replacedBy: 'token:bootstrap',
    });
    const restored = await face.call('POST', `/api/v1/jobs/hello/versions/${version.revision}/restore`);
    expect(restored.json.command).toBe('true');
    expect((await face.call('POST', '/api/v1/jobs/hello/versions/x/restore')).status).toBe(400);
  });

  it.each([
    ['viewer', { read: 200, run: 403, edit: 403 }],
    ['operator', { read: 200, run: 202, edit: 403 }],
    ['editor', { read: 200, run: 202, edit: 200 }],
  ] as const)('let a %s do what the role allows', async (role, allowed) => {
    await create('hello');
    const token = await face.token(role);
    expect((await face.call('GET', '/api/v1/jobs/hello', { token })).status).toBe(allowed.read);
    expect((await face.call('POST', '/api/v1/jobs/hello/run', { token })).status).toBe(allowed.run);
    const edit = { token, body: { command: 'other' } };
    expect((await face.call('PATCH', '/api/v1/jobs/hello', edit)).status).toBe(allowed.edit);
  });

  it('tell every scheduled time with its outcome, and why', async () => {
    await create('hello');
    await face.call('POST', '/api/v1/jobs/hello/cursor', { body: { to: new Date(NOW).toISOString() } });
    const at = (minute: number) => Date.UTC(2026, 0, 1, 11, minute);
    const run = { jobName: 'hello', trigger: 'schedule', count: 1, attempt: 1 } as const;
    await face.parts.history.writeRuns([
      { ...run, id: 'a', rootRunId: 'a', status: 'succeeded', scheduledTime: at(50) },
      { ...run, id: 'b', rootRunId: 'b', status: 'skipped', scheduledTime: at(55), reason: 'overlap: run a' },
    ]);
    const fires = await face.call('GET', '/api/v1/jobs/hello/fires?from=2026-01-01T11:50:00Z&to=2026-01-01T12:10:00Z');
    expect(fires.json.items.map((fire: { status: string }) => fire.status)).toEqual([
      'succeeded',
      'skipped',
      'unrecorded',
      'planned',
    ]);
    const why = await face.call('GET', '/api/v1/jobs/hello/explain?at=2026-01-01T11:55:00Z');
    expect(why.json).toMatchObject({ code: 'skipped', next: '2026-01-01T12:00:00.000Z', fire: { run: { id: 'b' } } });
    const plan = await face.call('GET', '/api/v1/jobs/hello/plan?limit=2');
    expect(plan.json.items.map((fire: { scheduledTime: string }) => fire.scheduledTime)).toEqual([
      '2026-01-01T12:05:00.000Z',
      '2026-01-01T12:10:00.000Z',
    ]);
    expect((await face.call('GET', '/api/v1/plan?search=HELL&limit=1')).json.completeTo).toBe(
      '2026-01-01T12:10:00.000Z',
    );
    expect((await face.call('GET', '/api/v1/plan?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')).status).toBe(400);
  });
});

describe('schedules', () => {
  it('are previewed before they are saved, and refused with the field named', async () => {
    const face = await HttpFace.start({ clock: new ManualClock({ now: NOW }) });
    const preview = (body: object) => face.call('POST', '/api/v1/schedules/preview', { body });
    expect((await preview({ cronExpr: '0 2 * * *', timezone: 'Europe/Berlin', count: 2 })).json).toMatchObject({
      fires: ['2026-01-02T01:00:00.000Z', '2026-01-03T01:00:00.000Z'],
      description: expect.stringContaining('02:00 (Europe/Berlin)'),
    });
    expect((await preview({ cronExpr: '* * *' })).json.errors[0].path).toBe('cronExpr');
    expect((await preview({ cronExpr: '* * * * *', count: 501 })).status).toBe(422);
    expect((await preview({ cronExpr: '* * * * *', count: '10' })).status).toBe(422);
    await face.close();
  });
});

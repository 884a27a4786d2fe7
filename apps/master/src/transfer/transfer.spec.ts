import { SystemClock } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobs } from '../../../../test/support/fake-jobs.js';
import { HttpFace } from '../../../../test/support/http-face.js';

const CRONTAB = `MAILTO=ops@example.org
# Saves the database.
0 2 * * * /usr/local/bin/backup --all
@reboot /bin/true
61 * * * * wrong
`;

describe('many jobs at once', () => {
  let face: HttpFace;
  let jobs: FakeJobs;

  beforeEach(async () => {
    jobs = new FakeJobs(new SystemClock());
    face = await HttpFace.start({ jobs, catalog: jobs });
    for (const name of ['a', 'b', 'c']) {
      await face.call('POST', '/api/v1/jobs', { body: { name, command: 'true', cronExpr: '@daily' } });
    }
  });
  afterEach(() => face.close());

  const importing = (query: string, body: string, type = 'text/plain') =>
    face.call('POST', `/api/v1/jobs/import?${query}`, { body, headers: { 'Content-Type': type } });
  const outcomes = (json: { items: { outcome: string }[] }) => json.items.map((item) => item.outcome);

  it('are paused by name, each standing for itself', async () => {
    const body = { action: 'pause', names: ['a', 'nobody', 'b'], reason: 'moving' };
    const { json } = await face.call('POST', '/api/v1/jobs/bulk', { body });
    expect(json).toMatchObject({ done: 2, failed: 1 });
    expect(json.items[1]).toMatchObject({ name: 'nobody', isDone: false, code: 'not_found' });
    expect((await face.call('GET', '/api/v1/jobs/a')).json.state).toBe('paused');
  });

  it('are deleted by filter, by editors only', async () => {
    const body = { action: 'delete', filter: {} };
    const token = await face.token('operator');
    expect((await face.call('POST', '/api/v1/jobs/bulk', { body, token })).status).toBe(403);
    expect((await face.call('POST', '/api/v1/jobs/bulk', { body })).json.done).toBe(3);
    expect((await face.call('GET', '/api/v1/jobs')).json.total).toBe(0);
  });

  it.each([{ action: 'pause' }, { action: 'pause', names: ['a'], filter: {} }, { action: 'explode', names: ['a'] }])(
    'are not guessed from %j',
    async (body) => {
      expect((await face.call('POST', '/api/v1/jobs/bulk', { body })).status).toBe(422);
    },
  );

  it('come from a crontab, with an answer for every line', async () => {
    const dry = await importing('format=crontab&dryRun=true', CRONTAB);
    expect(dry.status).toBe(200);
    expect(outcomes(dry.json)).toEqual(['environment', 'comment', 'created', 'refused', 'refused']);
    expect(dry.json).toMatchObject({ dryRun: true, created: 1, refused: 2 });
    expect((await face.call('GET', '/api/v1/jobs')).json.total).toBe(3);
    const texts = dry.json.items.map(({ reasonText }: { reasonText?: { zh: string } }) => reasonText?.zh);
    expect(texts.filter(Boolean)).toEqual([
      expect.stringContaining('@reboot 不是时间'),
      'cronExpr：“分”字段 61 超出范围 0 到 59',
    ]);

    const done = await importing('format=crontab', CRONTAB);
    const { name } = done.json.items[2];
    expect((await face.call('GET', `/api/v1/jobs/${name}`)).json).toMatchObject({
      cronExpr: '0 2 * * *',
      description: 'Saves the database.',
    });
  });

  it('go out as a file and come in again, changing nothing', async () => {
    for (const [format, type] of [
      ['yaml', 'application/yaml'],
      ['json', 'application/json'],
    ] as const) {
      const exported = await face.call('GET', `/api/v1/jobs/export?format=${format}`);
      expect(exported.headers.get('content-type')).toContain(type);
      const again = await importing(`format=${format}`, exported.text, type);
      expect(outcomes(again.json)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    }
  });

  it('go out as a file that can be read even where there are none', async () => {
    await face.call('POST', '/api/v1/jobs/bulk', { body: { action: 'delete', filter: {} } });
    expect((await face.call('GET', '/api/v1/jobs/export?format=json')).json).toEqual({ jobs: [] });
    const yaml = await face.call('GET', '/api/v1/jobs/export');
    expect((await importing('format=yaml', yaml.text, 'application/yaml')).json.items).toEqual([]);
  });

  it('go out by name or by filter', async () => {
    const names = async (query: string) => {
      const { json } = await face.call('GET', `/api/v1/jobs/export?format=json&${query}`);
      return (json.jobs as { name: string }[]).map(({ name }) => name);
    };
    expect(await names('names=c,nobody,a')).toEqual(['a', 'c']);
    expect(await names('search=b')).toEqual(['b']);
    expect(await names('search=b&names=a,b')).toEqual(['b']);
    expect(await names('group=elsewhere')).toEqual([]);
    expect((await face.call('GET', '/api/v1/jobs/export?state=asleep')).status).toBe(400);
  });

  it('replace jobs that are there only where that was asked for', async () => {
    const yaml = 'name: a\ncommand: other\n---\n- name: new\n  command: "true"\n- name: "///"\n  command: x\n';
    const careful = await importing('format=yaml', yaml, 'application/yaml');
    expect(outcomes(careful.json)).toEqual(['refused', 'created', 'refused']);
    const bold = await importing('format=yaml&overwrite=true', yaml, 'application/yaml');
    expect(outcomes(bold.json)).toEqual(['replaced', 'unchanged', 'refused']);
    expect((await face.call('GET', '/api/v1/jobs/a')).json.command).toBe('other');
  });

  it.each([
    ['yaml', 'a: [1'],
    ['yaml', 'a: 1\na: 2'],
    ['yaml', `a: &x [1]\nb: [${Array.from({ length: 200 }, () => '*x').join(',')}]`],
    ['json', '{"name": "a", "name": "b"}'],
  ])('are not taken from %s that is %j', async (format, text) => {
    expect([400, 422]).toContain((await importing(`format=${format}`, text)).status);
  });
});

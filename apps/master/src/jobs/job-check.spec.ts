import { ManualClock } from '@app/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeJobs } from '../../../../test/support/fake-jobs.js';
import { HttpFace } from '../../../../test/support/http-face.js';

const GOOD = { name: 'hello', command: 'true', cronExpr: '*/5 * * * *' };

describe('checking a job before it is saved', () => {
  let face: HttpFace;
  let jobs: FakeJobs;

  beforeAll(async () => {
    jobs = new FakeJobs(new ManualClock());
    face = await HttpFace.start({ jobs, catalog: jobs });
  });
  afterAll(() => face.close());

  const check = (body: unknown, token?: string) => face.call('POST', '/api/v1/jobs/validate', { body, token });

  it('gives back what would be kept, and keeps nothing', async () => {
    const answer = await check({ ...GOOD, revision: 12, nextFireAt: '2026-01-01T00:00:00.000Z' });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ errors: [], document: GOOD });
    expect(jobs.asked).toEqual([]);
  });

  it.each([
    ['fields that are wrong', { ...GOOD, cronExpr: '0 25 * * *', colour: 'red' }],
    ['no name', { command: 'true' }],
    ['fields at odds', { ...GOOD, startAt: '2026-02-01T00:00:00Z', endAt: '2026-01-01T00:00:00Z' }],
    ['a version to come', { ...GOOD, v: 99 }],
  ])('says of %s what saving it would say', async (_what, document) => {
    const saved = await face.call('POST', '/api/v1/jobs', { body: document });
    expect(saved.status).toBe(422);
    const answer = await check(document);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ errors: saved.json.errors });
    expect(answer.json.errors.length).toBeGreaterThan(0);
  });

  it.each([[[GOOD]], ['text'], [null]])('refuses %j, which is no document at all', async (body) => {
    expect((await check(JSON.stringify(body))).status).toBe(422);
  });

  it('is open to whoever may look', async () => {
    expect((await check(GOOD, await face.token('viewer'))).status).toBe(200);
  });
});

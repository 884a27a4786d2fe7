import { Job, parseJobDocument, scheduleOf } from '@app/jobs';
import { ManualClock } from '@app/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeJobs } from '../../../../test/support/fake-jobs.js';
import { HttpFace } from '../../../../test/support/http-face.js';
import { countFires, DensitySpan } from './density.js';
import { RecentAnswers } from './recent-answers.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const HOUR = 3_600_000;
const breathe = async (): Promise<void> => {};

function job(name: string, document: object): Job {
  return parseJobDocument({ name, command: 'true', ...document }).job;
}

describe('countFires', () => {
  const hour = { from: NOON, to: NOON + HOUR, stepMs: 900_000 };
  const counts = async (jobs: Job[], span: DensitySpan = hour) => (await countFires(jobs, span, breathe)).counts;

  it('counts every fire of every job in its step', async () => {
    const jobs = [
      job('a', { cronExpr: '*/10 * * * *' }),
      job('b', { cronExpr: '*/10 * * * *' }),
      job('c', { cronExpr: '20 20 * * *', timezone: 'Asia/Shanghai' }),
      job('by-hand', {}),
    ];
    expect(await counts(jobs)).toEqual([4, 3, 4, 2]);
  });

  it.each([
    ['paused for good', { paused: true }, [0, 0, 0, 0]],
    ['paused until an instant', { paused: true, pausedUntil: '2026-01-01T12:20:00Z' }, [0, 2, 3, 3]],
    ['with a window that opens', { startAt: '2026-01-01T12:20:00Z' }, [0, 2, 3, 3]],
    ['with a window that closes', { endAt: '2026-01-01T12:20:00Z' }, [3, 1, 0, 0]],
    ['with a window that is over', { endAt: '2026-01-01T10:00:00Z' }, [0, 0, 0, 0]],
  ])('of a job %s counts what it will really fire', async (_what, document, expected) => {
    expect(await counts([job('a', { cronExpr: '*/5 * * * *', ...document })])).toEqual(expected);
  });

  it('counts what is to come, not what a job as it is now would have fired before', async () => {
    const jobs = [job('a', { cronExpr: '*/5 * * * *' }), job('b', { cronExpr: '* * * * * *' })];
    expect(await counts(jobs, { ...hour, since: NOON + 1_200_000 })).toEqual([0, 602, 903, 903]);
    expect(await counts(jobs, { ...hour, since: NOON + HOUR })).toEqual([0, 0, 0, 0]);
  });

  it('comes to the same as looking at each job by itself, sparse or dense', async () => {
    const expressions = ['H H * * *', 'H/7 * * * *', '* * * * * *', '30 2 * * *', '@every 97s', 'H H/3 * * * *'];
    const jobs = fc.array(
      fc.record({
        cronExpr: fc.constantFrom(...expressions),
        timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
        startAt: fc.option(fc.integer({ min: -HOUR, max: 5 * HOUR }), { nil: undefined }),
      }),
      { maxLength: 8 },
    );
    // Over the hour that Berlin's clocks skip.
    const from = Date.UTC(2026, 2, 28, 23);
    const span = { from, to: from + 4 * HOUR, stepMs: 300_000 };
    await fc.assert(
      fc.asyncProperty(jobs, async (documents) => {
        const all = documents.map(({ startAt, ...document }, index) => {
          const at = startAt === undefined ? {} : { startAt: new Date(from + startAt).toISOString() };
          return job(`job-${index}`, { ...document, ...at });
        });
        const expected = Array.from({ length: 48 }, (_, step) => {
          const start = from + step * span.stepMs;
          return all.reduce((sum, each) => sum + (scheduleOf(each)?.count(start - 1, start + span.stepMs - 1) ?? 0), 0);
        });
        expect(await counts(all, span)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('stops at the end of its work and says so, with the schedules most jobs have counted', async () => {
    const jobs = [
      job('lone', { cronExpr: '* * * * *' }),
      ...Array.from({ length: 20 }, (_, i) => job(`many-${i}`, { cronExpr: '0 * * * *' })),
    ];
    expect(await countFires(jobs, hour, breathe, 1)).toEqual({ counts: [20, 0, 0, 0], isComplete: false });
  });
});

describe('the density of the plan over HTTP', () => {
  it('is given in whole steps, of the jobs asked for, all of them or what is to come', async () => {
    const clock = new ManualClock({ now: NOON + 100_000 });
    const jobs = new FakeJobs(clock);
    const face = await HttpFace.start({ clock, jobs, catalog: jobs });
    for (const [name, group] of [
      ['a-report', 'edge'],
      ['a-sync', 'edge'],
      ['b-report', 'default'],
    ]) {
      await jobs.create({ name, group, command: 'true', cronExpr: '0 * * * *' }, { name: 'ann' });
    }
    jobs.putInvalid('broken', 'is not JSON');
    const ask = (query: string) => face.call('GET', `/api/v1/plan/density?${query}`);

    const { json } = await ask('stepSeconds=1800&from=2026-01-01T12:01:40Z&to=2026-01-01T14:10:00Z');
    expect(json).toEqual({
      from: '2026-01-01T12:00:00.000Z',
      to: '2026-01-01T14:30:00.000Z',
      stepSeconds: 1800,
      counts: [3, 0, 3, 0, 3],
      isComplete: true,
    });
    const toCome = await ask('stepSeconds=1800&from=2026-01-01T12:01:40Z&to=2026-01-01T14:10:00Z&toCome=true');
    expect(toCome.json.counts).toEqual([0, 0, 3, 0, 3]);
    expect((await ask('')).json.counts).toHaveLength(289);
    expect((await ask('stepSeconds=3600&group=edge&search=REPORT')).json.counts[0]).toBe(1);
    expect((await ask('stepSeconds=60&from=2026-01-01T12:00:00Z&to=2026-01-03T12:00:00Z')).json.errors[0].path).toBe(
      'stepSeconds',
    );
    expect((await ask('stepSeconds=59')).status).toBe(400);
    await face.close();
  });
});

describe('RecentAnswers', () => {
  it('works an answer out once for all who ask within its time, and again after that', async () => {
    const clock = new ManualClock();
    const answers = new RecentAnswers<number>(clock, 5_000, 2);
    let worked = 0;
    const ask = (key: string) => answers.get(key, async () => ++worked);
    expect(await Promise.all([ask('a'), ask('a')])).toEqual([1, 1]);
    clock.advance(4_999);
    expect(await ask('a')).toBe(1);
    clock.advance(1);
    expect(await ask('a')).toBe(2);
    await ask('b');
    await ask('c');
    expect(await ask('a')).toBe(5);
  });

  it('keeps no failure', async () => {
    const answers = new RecentAnswers<number>(new ManualClock(), 5_000, 2);
    await expect(answers.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await answers.get('a', async () => 7)).toBe(7);
  });
});

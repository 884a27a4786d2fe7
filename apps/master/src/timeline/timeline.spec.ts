import { Run } from '@app/jobs';
import { ManualClock } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobs } from '../../../../test/support/fake-jobs.js';
import { HttpFace } from '../../../../test/support/http-face.js';

const NOON = Date.UTC(2026, 0, 2, 12);
const HOUR = 3_600_000;
const ANN = { name: 'ann' };

function run(facts: Partial<Run> & { id: string }): Run {
  const basics = { jobName: 'hourly', trigger: 'schedule', status: 'succeeded', count: 1, attempt: 1 } as const;
  return { ...basics, scheduledTime: NOON, rootRunId: facts.id, ...facts };
}

describe('the timeline', () => {
  let face: HttpFace;
  let jobs: FakeJobs;
  let live: Run[];

  beforeEach(async () => {
    const clock = new ManualClock({ now: NOON + HOUR / 2 });
    jobs = new FakeJobs(clock);
    live = [];
    const list = (name?: string) => live.filter(({ jobName }) => name === undefined || jobName === name);
    const liveRuns = { list, find: async () => undefined, seek: async () => undefined };
    face = await HttpFace.start({ clock, jobs, catalog: jobs, liveRuns });
    await jobs.create({ name: 'hourly', command: 'true', cronExpr: '0 * * * *' }, ANN);
  });
  afterEach(() => face.close());

  const SPAN = 'from=2026-01-02T10:00:00Z&to=2026-01-02T15:00:00Z';
  const ask = async (query = SPAN) => (await face.call('GET', `/api/v1/timeline?${query}`)).json;
  const marks = (row: Row) => row.marks?.map(({ at, status }) => `${at.slice(11, 16)} ${status}`);

  it('shows every scheduled time with what became of it, past and to come', async () => {
    await jobs.resetCursor('hourly', NOON - HOUR, ANN);
    await face.parts.history.writeRuns([
      run({ id: 'a', scheduledTime: NOON - 2 * HOUR, status: 'failed' }),
      run({ id: 'by-hand', trigger: 'manual', scheduledTime: NOON - HOUR + 1 }),
    ]);
    const [row] = (await ask()).items;
    expect(row).toMatchObject({ jobName: 'hourly', state: 'enabled' });
    expect(marks(row)).toEqual(['10:00 failed', '11:00 unrecorded', '12:00 due', '13:00 planned', '14:00 planned']);
    expect(row.marks[0].runId).toBe('a');
    expect(row.buckets).toBeUndefined();
  });

  it('shows what runs at this moment', async () => {
    live = [run({ id: 'now', status: 'running' })];
    expect(marks((await ask()).items[0])).toContain('12:00 running');
  });

  it('names the stretch a fire lies in', async () => {
    const [from, to] = [NOON - 2 * HOUR, NOON];
    await face.parts.history.writeRuns([
      run({ id: 's', status: 'missed', scheduledTime: from, untilTime: to, count: 3 }),
    ]);
    const [row] = (await ask()).items;
    expect(marks(row)?.slice(0, 3)).toEqual(['10:00 missed', '11:00 missed', '12:00 missed']);
    expect(row.marks[1]).toMatchObject({ runId: 's', untilTime: '2026-01-02T12:00:00.000Z', count: 3 });
  });

  it('leaves out what a pause holds back, up to its end', async () => {
    await jobs.pause('hourly', { until: NOON + 2 * HOUR }, ANN);
    const [row] = (await ask()).items;
    expect(row.state).toBe('paused');
    expect(marks(row)).toEqual(['10:00 unrecorded', '11:00 unrecorded', '12:00 unrecorded', '14:00 planned']);
  });

  it('goes by the hour where a job fires often: outcomes from roll-ups, fires to come counted', async () => {
    await jobs.replace('hourly', { command: 'true', cronExpr: '*/20 * * * * *' }, ANN);
    const records = Array.from({ length: 10 }, (_, i) => run({ id: `r${i}`, scheduledTime: NOON - HOUR + i * 20_000 }));
    await face.parts.history.writeRuns([...records, run({ id: 'bad', status: 'failed', scheduledTime: NOON })]);
    await face.parts.history.recomputeRollups(100);
    const [row] = (await ask()).items;
    expect(row.marks).toBeUndefined();
    expect(row.buckets).toEqual([
      { at: '2026-01-02T11:00:00.000Z', untilAt: '2026-01-02T12:00:00.000Z', planned: 0, counts: { succeeded: 10 } },
      { at: '2026-01-02T12:00:00.000Z', untilAt: '2026-01-02T13:00:00.000Z', planned: 89, counts: { failed: 1 } },
      { at: '2026-01-02T13:00:00.000Z', untilAt: '2026-01-02T14:00:00.000Z', planned: 180, counts: {} },
      { at: '2026-01-02T14:00:00.000Z', untilAt: '2026-01-02T15:00:00.000Z', planned: 180, counts: {} },
    ]);
    await jobs.pause('hourly', {}, ANN);
    expect((await ask()).items[0].buckets.map((bucket: { planned: number }) => bucket.planned)).toEqual([0, 0]);
  });

  it('goes by the hour, too, where runs nobody scheduled are many', async () => {
    const byHand = Array.from({ length: 700 }, (_, i) =>
      run({ id: `m${i}`, trigger: 'manual', scheduledTime: NOON - HOUR + i }),
    );
    await face.parts.history.writeRuns(byHand);
    await face.parts.history.recomputeRollups(100);
    const [row] = (await ask()).items;
    expect(row.buckets[0]).toMatchObject({ at: '2026-01-02T11:00:00.000Z', counts: { succeeded: 700 } });
  });

  it('chooses and pages jobs as the list of jobs does', async () => {
    for (const name of ['other', 'another']) {
      await jobs.create({ name, command: 'true' }, ANN);
    }
    jobs.putInvalid('broken', 'is not JSON');
    const first = await ask(`${SPAN}&limit=3`);
    expect(first).toMatchObject({ total: 4, nextCursor: '3' });
    expect(first.items.map((row: Row) => [row.jobName, row.state])).toEqual([
      ['another', 'enabled'],
      ['broken', 'invalid'],
      ['hourly', 'enabled'],
    ]);
    expect((await ask(`${SPAN}&limit=3&cursor=3`)).items[0].jobName).toBe('other');
    expect((await ask(`${SPAN}&search=anoth`)).total).toBe(1);
  });

  it.each([
    ['to=2026-01-10T00:00:00Z&from=2026-01-01T00:00:00Z', 'to'],
    ['to=2026-01-01T00:00:00Z&from=2026-01-01T00:00:00Z', 'to'],
    ['limit=61', 'limit'],
  ])('refuses %s', async (query, path) => {
    const answer = await face.call('GET', `/api/v1/timeline?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].path).toBe(path);
  });
});

interface Row {
  readonly jobName: string;
  readonly state: string;
  readonly marks?: readonly { readonly at: string; readonly status: string }[];
}

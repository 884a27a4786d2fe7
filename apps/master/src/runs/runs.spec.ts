import { Run } from '@app/jobs';
import { SystemClock } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobs } from '../../../../test/support/fake-jobs.js';
import { HttpFace } from '../../../../test/support/http-face.js';
import { SseClient } from '../../../../test/support/sse-client.js';
import { HEARTBEAT_MS } from '../http/sse.js';

const NOON = Date.UTC(2026, 0, 1, 12);

function run(facts: Partial<Run> & { id: string }): Run {
  const basics = { jobName: 'job', trigger: 'schedule', status: 'succeeded', scheduledTime: NOON, count: 1 } as const;
  return { ...basics, attempt: 1, rootRunId: facts.id, ...facts };
}

describe('runs over HTTP', () => {
  let face: HttpFace;
  let jobs: FakeJobs;
  let live: Run[];
  /** What stands in the store, and no watch has brought yet. */
  let unseen: Run[];

  beforeEach(async () => {
    live = [];
    unseen = [];
    jobs = new FakeJobs(new SystemClock());
    const list = (jobName?: string) => live.filter((each) => jobName === undefined || each.jobName === jobName);
    const find = async (id: string) => live.find((each) => each.id === id);
    const seek = async (id: string) => [...live, ...unseen].find((each) => each.id === id);
    const liveRuns = { list, find, seek };
    face = await HttpFace.start({ jobs, catalog: jobs, liveRuns });
  });
  afterEach(() => face.close());

  const ids = async (query: string) =>
    (await face.call('GET', `/api/v1/runs?${query}`)).json.items.map((item: { id: string }) => item.id);

  it('are listed newest first, those on their way among them', async () => {
    await face.parts.history.writeRuns([
      run({ id: 'old', scheduledTime: NOON - 1000, startTime: NOON - 900, endTime: NOON - 400 }),
      run({ id: 'both', scheduledTime: NOON + 1000 }),
    ]);
    live = [run({ id: 'now', status: 'running' }), run({ id: 'both', status: 'running', scheduledTime: NOON + 1000 })];
    const { json } = await face.call('GET', '/api/v1/runs');
    expect(json.items.map((item: Run) => `${item.id} ${item.status}`)).toEqual([
      'both succeeded',
      'now running',
      'old succeeded',
    ]);
    expect(json.items[2]).toMatchObject({
      durationMs: 500,
      latenessMs: 100,
      scheduledTime: '2026-01-01T11:59:59.000Z',
    });
  });

  it('are all to be had where only those on their way are asked for, page by page', async () => {
    live = [1, 2, 3, 4, 5].map((n) => run({ id: `r${n}`, scheduledTime: NOON + n, status: 'queued' }));
    const seen: string[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const { json } = await face.call(
        'GET',
        `/api/v1/runs?status=queued,running&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...json.items.map((item: Run) => item.id));
      cursor = json.nextCursor;
    }
    expect(seen).toEqual(['r5', 'r4', 'r3', 'r2', 'r1']);
  });

  it('stand on one page though they are on since long, and history knows it', async () => {
    live = [run({ id: 'long', status: 'running', scheduledTime: NOON - 5000 })];
    await face.parts.history.writeRuns([
      ...live,
      ...[1, 2, 3].map((n) => run({ id: `r${n}`, scheduledTime: NOON + n })),
    ]);
    const { json } = await face.call('GET', '/api/v1/runs?job=job&limit=2');
    expect(json.items.map((item: Run) => item.id)).toEqual(['r3', 'r2', 'long']);
    expect(await ids(`job=job&limit=2&cursor=${json.nextCursor}`)).toEqual(['r1']);
  });

  it('are listed oldest first as well, each on its page', async () => {
    await face.parts.history.writeRuns(
      [0, 2, 4, 6, 8].map((n) => run({ id: `r${n}`, scheduledTime: NOON + n, status: n === 4 ? 'running' : 'failed' })),
    );
    live = [1, 4, 5, 6, 9].map((n) => run({ id: `r${n}`, scheduledTime: NOON + n, status: 'running' }));
    const pages: string[][] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { json } = await face.call('GET', `/api/v1/runs?job=job&sort=asc&limit=2${cursor && `&cursor=${cursor}`}`);
      pages.push(json.items.map((item: Run) => `${item.id} ${item.status}`));
      cursor = json.nextCursor;
    }
    expect(pages).toEqual([
      ['r0 failed', 'r1 running', 'r2 failed'],
      ['r4 running', 'r5 running', 'r6 failed'],
      ['r8 failed', 'r9 running'],
    ]);
    expect(await ids('from=2026-01-01T12:00:00.005Z&sort=asc&limit=1')).toEqual(['r5', 'r6']);
    expect(await ids('job=job&sort=asc&status=running&limit=3')).toEqual(['r1', 'r4', 'r5']);
    expect((await face.call('GET', '/api/v1/runs?sort=asc')).json.errors).toMatchObject([{ path: 'sort' }]);
  });

  it('say when they may be taken, while they wait for it', async () => {
    live = [run({ id: 'again', status: 'queued', trigger: 'retry', attempt: 2, notBefore: NOON + 60_000 })];
    const { json } = await face.call('GET', '/api/v1/runs/again');
    expect(json).toMatchObject({ status: 'queued', notBefore: '2026-01-01T12:01:00.000Z' });
  });

  it('are known by id at once, though another master accepted them', async () => {
    unseen = [run({ id: 'just-asked', status: 'queued' })];
    expect((await face.call('GET', '/api/v1/runs/just-asked')).json).toMatchObject({ status: 'queued' });
    expect((await face.call('GET', '/api/v1/runs/nobody')).status).toBe(404);
  });

  it('are found by every filter', async () => {
    await face.parts.history.writeRuns([
      run({ id: 'a', status: 'failed', worker: 'w1', reason: 'exit:2' }),
      run({ id: 'b', jobName: 'other', trigger: 'manual', scheduledTime: NOON + 60_000 }),
      run({ id: 'c', status: 'timedOut', scheduledTime: NOON + 120_000, output: 'disk 100% full' }),
    ]);
    expect(await ids('job=other')).toEqual(['b']);
    expect(await ids('status=failed,timedOut')).toEqual(['c', 'a']);
    expect(await ids('worker=w1')).toEqual(['a']);
    expect(await ids('trigger=manual')).toEqual(['b']);
    expect(await ids('from=2026-01-01T12:01:00Z&to=2026-01-01T12:02:00Z')).toEqual(['b']);
    expect(await ids('search=100%25')).toEqual(['c']);
    expect(await ids('search=.*')).toEqual([]);
  });

  it('are paged without a gap', async () => {
    const runs = Array.from({ length: 7 }, (_, i) => run({ id: `r${i}`, scheduledTime: NOON + i * 1000 }));
    await face.parts.history.writeRuns(runs);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { json } = await face.call(
        'GET',
        `/api/v1/runs?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      seen.push(...json.items.map((item: Run) => item.id));
      cursor = json.nextCursor;
    } while (cursor);
    expect(seen).toEqual(['r6', 'r5', 'r4', 'r3', 'r2', 'r1', 'r0']);
  });

  it('that are on their way are shown while history is away', async () => {
    live = [run({ id: 'now', status: 'running' })];
    await face.parts.history.close();
    expect(await ids('status=running,queued')).toEqual(['now']);
    expect((await face.call('GET', '/api/v1/runs/now')).json.status).toBe('running');
    expect((await face.call('GET', '/api/v1/runs')).status).toBe(503);
  });

  it('are killed, cancelled and run again', async () => {
    await face.call('POST', '/api/v1/jobs', { body: { name: 'job', command: 'true' } });
    await face.parts.history.writeRuns([run({ id: 'done' })]);
    expect((await face.call('POST', '/api/v1/runs/x/kill', { body: { reason: 'hangs' } })).status).toBe(202);
    expect((await face.call('POST', '/api/v1/runs/x/cancel')).status).toBe(202);
    expect((await face.call('POST', '/api/v1/runs/done/rerun')).json.runId).toBeDefined();
    expect(jobs.asked.slice(1).map(({ what, name }) => `${what} ${name}`)).toEqual([
      'killRun x',
      'cancelRun x',
      'run job',
    ]);
    expect((await face.call('POST', '/api/v1/runs/ended/kill')).json.code).toBe('conflict');
    expect((await face.call('POST', '/api/v1/runs/nothing/rerun')).status).toBe(404);
  });

  it('count in the statistics', async () => {
    const recent = Date.now() - 60_000;
    await face.parts.history.writeRuns([
      run({ id: 'a', scheduledTime: recent, startTime: recent + 20, endTime: recent + 1020 }),
      run({
        id: 'b',
        scheduledTime: recent,
        status: 'failed',
        exitCode: 1,
        startTime: recent + 40,
        endTime: recent + 540,
      }),
      run({ id: 'c', scheduledTime: recent, status: 'killed', startTime: recent, endTime: recent + 9000 }),
    ]);
    await face.parts.history.recomputeRollups(100);
    const { json } = await face.call('GET', '/api/v1/jobs/job/stats?window=2h');
    expect(json).toMatchObject({ total: 3, counts: { succeeded: 1, failed: 1, killed: 1 }, successRate: 1 / 3 });
    // What was killed says nothing about how long a run takes.
    expect(json.duration).toEqual({ runs: 2, p50Ms: 500, p95Ms: 1000, averageMs: 750, maxMs: 1000 });
    expect(json.hours).toMatchObject([{ counts: json.counts, duration: { runs: 2, p50Ms: 500, p95Ms: 1000 } }]);
    expect((await face.call('GET', '/api/v1/stats?window=91d')).status).toBe(400);
  });
});

describe('a stream', () => {
  it('ends at a heartbeat when its token was revoked', async () => {
    const { ManualClock } = await import('@app/platform');
    const clock = new ManualClock();
    const face = await HttpFace.start({ clock });
    const made = await face.call('POST', '/api/v1/tokens', { body: { name: 'ci', role: 'viewer' } });
    const client = await SseClient.open(`${face.url}/api/v1/events`, { Authorization: `Bearer ${made.json.token}` });
    await client.until('ready');
    await face.call('DELETE', `/api/v1/tokens/${made.json.id}`);
    await clock.advanceAsync(HEARTBEAT_MS);
    expect(await client.rest()).toEqual([]);
    await face.close();
  });
});

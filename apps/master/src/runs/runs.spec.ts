import { Run } from '@app/jobs';
import { OutputChunk } from '@app/logs';
import { SystemClock } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobs } from '../../../../test/support/fake-jobs.js';
import { ADMIN_TOKEN, HttpFace } from '../../../../test/support/http-face.js';
import { SseClient } from '../../../../test/support/sse-client.js';
import { HEARTBEAT_MS } from '../http/sse.js';

const NOON = Date.UTC(2026, 0, 1, 12);

function run(facts: Partial<Run> & { id: string }): Run {
  const basics = { jobName: 'job', trigger: 'schedule', status: 'succeeded', scheduledTime: NOON, count: 1 } as const;
  return { ...basics, attempt: 1, rootRunId: facts.id, ...facts };
}

function chunk(seq: number, data: string | Buffer, facts: Partial<OutputChunk> = {}): OutputChunk {
  const bytes = Buffer.from(data as string);
  const basics = { runId: 'r', jobName: 'job', stream: 'stdout', at: NOON, offset: 0, cutBefore: 0 } as const;
  return { ...basics, seq, data: bytes, ...facts };
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
      run({ id: 'b', scheduledTime: recent, status: 'failed', startTime: recent + 40, endTime: recent + 540 }),
    ]);
    await face.parts.history.recomputeRollups(100);
    const { json } = await face.call('GET', '/api/v1/jobs/job/stats?window=2h');
    expect(json).toMatchObject({ total: 2, counts: { succeeded: 1, failed: 1 }, successRate: 0.5 });
    expect(json.duration.maxMs).toBe(1000);
    const [hour] = json.hours;
    expect(hour).toMatchObject({ counts: { succeeded: 1, failed: 1 }, duration: { maxMs: 1000 } });
    expect(hour.duration.p50Ms).toBeLessThanOrEqual(hour.duration.p95Ms);
    expect((await face.call('GET', '/api/v1/stats?window=91d')).status).toBe(400);
  });

  describe('their output', () => {
    const HELLO = '你好\n';
    const follow = (headers: Record<string, string> = {}, query = '') =>
      SseClient.open(`${face.url}/api/v1/runs/r/output/stream${query}`, {
        Authorization: `Bearer ${ADMIN_TOKEN}`,
        ...headers,
      });

    it('is text in pieces, or bytes as they are', async () => {
      const bytes = Buffer.from(HELLO);
      await face.parts.history.writeRuns([run({ id: 'r' })]);
      await face.parts.history.writeOutput([
        chunk(0, bytes.subarray(0, 4)),
        chunk(1, 'oops', { stream: 'stderr' }),
        chunk(2, bytes.subarray(4), { offset: 4 }),
        chunk(3, 'tail', { offset: 1000, cutBefore: 993 }),
      ]);
      const { json } = await face.call('GET', '/api/v1/runs/r/output');
      expect(json.items.map((piece: { text: string }) => piece.text)).toEqual(['你', 'oops', '好\n', 'tail']);
      expect(json).toMatchObject({ nextSeq: 4, isComplete: true });
      const err = await face.call('GET', '/api/v1/runs/r/output?stream=stderr&format=raw');
      expect(err.text).toBe('oops');
      const all = await face.call('GET', '/api/v1/runs/r/output?stream=stdout&format=raw');
      expect(all.text).toBe(`${HELLO}\n[... 993 bytes were not kept ...]\ntail`);
      expect(all.headers.get('content-disposition')).toBe('attachment; filename="r.log"');
      const later = await face.call('GET', '/api/v1/runs/r/output?stream=stdout&offset=3');
      expect(later.json.items.map((piece: { text: string }) => piece.text).join('')).toBe('好\ntail');
    });

    it('is the same text whatever the pages, though characters lie across their edges', async () => {
      const said = Buffer.from('ok 你🙂好é\n');
      await face.parts.history.writeRuns([
        run({ id: 'r', startTime: NOON, endTime: NOON, outputBytes: 2 * said.length }),
      ]);
      // A byte a piece, the streams in turns.
      const pieces = [...said].flatMap((byte, offset) => [
        chunk(2 * offset, Buffer.from([byte]), { offset }),
        chunk(2 * offset + 1, Buffer.from([byte]), { offset, stream: 'stderr' }),
      ]);
      await face.parts.history.writeOutput(pieces);
      const read = async (query: string) => {
        const text = { stdout: '', stderr: '' };
        for (let fromSeq = 0, isComplete = false; !isComplete; ) {
          const { json } = await face.call('GET', `/api/v1/runs/r/output?fromSeq=${fromSeq}&${query}`);
          for (const item of json.items as { stream: 'stdout'; text: string }[]) text[item.stream] += item.text;
          ({ nextSeq: fromSeq, isComplete } = json);
        }
        return text;
      };
      for (const limit of [1, 2, 3, 5, 100]) {
        expect(await read(`limit=${limit}`)).toEqual({ stdout: said.toString(), stderr: said.toString() });
        expect(await read(`limit=${limit}&stream=stderr`)).toEqual({ stdout: '', stderr: said.toString() });
        expect((await read(`limit=${limit}&stream=stdout&offset=3`)).stdout).toBe('你🙂好é\n');
        expect((await read(`limit=${limit}&stream=stdout&offset=4`)).stdout).toBe('\uFFFD\uFFFD🙂好é\n');
      }
      const followed = (await (await follow({}, '?fromSeq=9')).rest()).filter(({ event }) => event === 'output');
      const text = followed.filter(({ data }) => data.stream === 'stderr').map(({ data }) => data.text);
      expect(text.join('')).toBe('你🙂好é\n');
    });

    it('is complete only once history has the end of the run, which comes after all output', async () => {
      live = [run({ id: 'r' })];
      const read = async () => (await face.call('GET', '/api/v1/runs/r/output')).json;
      expect(await read()).toMatchObject({ items: [], isComplete: false });
      await face.parts.history.writeOutput([chunk(0, 'late')]);
      expect(await read()).toMatchObject({ items: [{ text: 'late' }], isComplete: false });
      await face.parts.history.writeRuns([run({ id: 'r' })]);
      expect(await read()).toMatchObject({ items: [{ text: 'late' }], isComplete: true });
    });

    it('is followed while it is written, and ends when the run has', async () => {
      live = [run({ id: 'r', status: 'running', startTime: NOON })];
      await face.parts.history.writeOutput([chunk(0, 'one\n')]);
      const client = await follow();
      expect(client.response.headers.get('content-type')).toContain('text/event-stream');
      expect((await client.until('output')).data).toMatchObject({ seq: 0, stream: 'stdout', text: 'one\n' });

      await face.parts.history.writeOutput([chunk(1, 'two\n', { offset: 4 })]);
      expect(await client.until('output')).toMatchObject({ id: '1', data: { text: 'two\n' } });

      const ended = run({ id: 'r', startTime: NOON, endTime: NOON + 5, outputBytes: 14, exitCode: 0 });
      await face.parts.history.writeRuns([ended]);
      live = [];
      expect((await client.until('status')).data).toEqual({ status: 'succeeded' });
      // The record may come before the last piece: the stream waits for it.
      await face.parts.history.writeOutput([chunk(2, 'three\n', { offset: 8 })]);
      const rest = await client.rest();
      expect(rest.map((seen) => seen.event)).toEqual(['output', 'end']);
      expect(rest[1]?.data).toMatchObject({ id: 'r', status: 'succeeded', exitCode: 0 });
    });

    it('begins at the piece asked for, and is over at once when that was all', async () => {
      await face.parts.history.writeRuns([run({ id: 'r', startTime: NOON, endTime: NOON, outputBytes: 4 })]);
      await face.parts.history.writeOutput([chunk(0, 'a\n', { stream: 'stderr' }), chunk(1, 'b\n')]);
      const texts = async (query: string, headers = {}) =>
        (await (await follow(headers, query)).rest()).flatMap(({ event, data }) =>
          event === 'output' ? data.text : [],
        );
      expect(await texts('?fromSeq=1')).toEqual(['b\n']);
      expect(await texts('?fromSeq=2')).toEqual([]);
      expect(await texts('?fromSeq=2', { 'Last-Event-ID': '0' })).toEqual(['b\n']);
      const wrong = await follow({}, '?fromSeq=x');
      expect(wrong.response.status).toBe(400);
      wrong.close();
    });

    it('goes on after Last-Event-ID', async () => {
      await face.parts.history.writeRuns([run({ id: 'r', startTime: NOON, endTime: NOON, outputBytes: 6 })]);
      await face.parts.history.writeOutput([
        chunk(0, 'a\n'),
        chunk(1, 'b\n', { offset: 2 }),
        chunk(2, 'c\n', { offset: 4 }),
      ]);
      const seen = await (await follow({ 'Last-Event-ID': '0' })).rest();
      expect(seen.map(({ event, data }) => `${event} ${data.text ?? ''}`.trim())).toEqual([
        'status',
        'output b',
        'output c',
        'end',
      ]);
    });

    it('of many megabytes is sent whole, at the pace of the reader', async () => {
      const size = 64 * 1024;
      const chunks = Array.from({ length: 160 }, (_, seq) => chunk(seq, 'x'.repeat(size), { offset: seq * size }));
      await face.parts.history.writeOutput(chunks);
      const outputBytes = size * chunks.length;
      await face.parts.history.writeRuns([run({ id: 'r', startTime: NOON, endTime: NOON, outputBytes })]);
      const seen = await (await follow()).rest();
      expect(seen.at(-1)?.event).toBe('end');
      const texts = seen.filter(({ event }) => event === 'output').map(({ data }) => data.text.length as number);
      expect(texts.reduce((sum, length) => sum + length, 0)).toBe(outputBytes);
      const raw = await face.call('GET', '/api/v1/runs/r/output?format=raw');
      expect(raw.text).toHaveLength(outputBytes);
    });

    it('of a run that never started ends at once', async () => {
      await face.parts.history.writeRuns([run({ id: 'r', status: 'skipped', reason: 'overlap' })]);
      expect((await (await follow()).rest()).map((seen) => seen.event)).toEqual(['status', 'end']);
    });

    it('of nothing is a 404, not a stream', async () => {
      const client = await follow();
      expect(client.response.status).toBe(404);
      client.close();
    });
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

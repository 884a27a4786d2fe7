import { Run } from '@app/jobs';
import { OutputChunk } from '@app/logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, HttpFace } from '../../../../test/support/http-face.js';
import { SseClient } from '../../../../test/support/sse-client.js';

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

describe('the output of a run over HTTP', () => {
  let face: HttpFace;
  let live: Run[];

  beforeEach(async () => {
    live = [];
    const find = async (id: string) => live.find((each) => each.id === id);
    face = await HttpFace.start({ liveRuns: { list: () => live, find, seek: find } });
  });
  afterEach(() => face.close());

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
      (await (await follow(headers, query)).rest()).flatMap(({ event, data }) => (event === 'output' ? data.text : []));
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

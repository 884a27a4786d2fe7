import { put, transaction } from '@app/etcd';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, HttpFace } from '../../../../test/support/http-face.js';
import { SseClient } from '../../../../test/support/sse-client.js';

describe('events', () => {
  let face: HttpFace;
  const clients: SseClient[] = [];

  beforeEach(async () => {
    face = await HttpFace.start();
    await write('/cron/jobs/first', '{}');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await face.close();
  });

  async function write(...pairs: string[]): Promise<number> {
    const puts = [];
    for (let i = 0; i < pairs.length; i += 2) puts.push(put(pairs[i] as string, pairs[i + 1] as string));
    const [settled] = await face.parts.store.transactAll([transaction([], puts)]);
    if (!settled?.ok) throw new Error('not written');
    return settled.result.revision;
  }

  async function open(query = '', headers: Record<string, string> = {}): Promise<SseClient> {
    const client = await SseClient.open(`${face.url}/api/v1/events${query}`, {
      Authorization: `Bearer ${ADMIN_TOKEN}`,
      ...headers,
    });
    clients.push(client);
    return client;
  }

  const runValue = JSON.stringify({
    runId: 'r1',
    jobName: 'job',
    state: 'finished',
    claimedAt: '2026-01-01T12:00:00.020Z',
    worker: 'w1',
    attempt: 1,
    scheduledTime: '2026-01-01T12:00:00.000Z',
    result: { status: 'failed' },
  });

  it('tell of jobs, runs and workers with the revision of the store', async () => {
    const client = await open();
    expect((await client.next())?.event).toBe('ready');
    const revision = await write('/cron/jobs/job', '{}', '/cron/runs/job/r1', runValue, '/cron/cursors/job', '{}');
    const seen = [await client.next(), await client.next()];
    expect(seen.map((each) => each?.event).sort()).toEqual(['job', 'run']);
    expect(seen.map((each) => each?.id)).toEqual([undefined, String(revision)]);
    expect(seen.find((each) => each?.event === 'run')?.data).toEqual({
      id: 'r1',
      jobName: 'job',
      status: 'failed',
      worker: 'w1',
      attempt: 1,
      scheduledTime: '2026-01-01T12:00:00.000Z',
      revision,
    });
    const [requestedAt, notBefore] = ['2026-01-01T12:00:00.000Z', '2026-01-01T12:00:00.000Z'];
    const request = { runId: 'r2', jobName: 'job', scheduledTime: requestedAt, requestedAt, notBefore, attempt: 1 };
    await write('/cron/requests/job/r2', JSON.stringify(request));
    expect((await client.next())?.data.status).toBe('queued');
  });

  it('say nothing of what is not for the screen', async () => {
    const client = await open();
    await client.until('ready');
    await write('/cron/auth/users/x', '{}', '/cron/beats/w1', '{}', '/cron/lock/job', '{}');
    await write('/cron/workers/w1', 'not JSON');
    expect(await client.next()).toMatchObject({ event: 'worker', data: { id: 'w1', change: 'changed' } });
  });

  it('go on where the client left, also on a master that has just started', async () => {
    const first = await open();
    const left = (await first.until('ready')).id ?? '';
    first.close();
    await write('/cron/jobs/a', '{}');
    await write('/cron/jobs/b', '{}');
    const again = await open('', { 'Last-Event-ID': left });
    await again.until('ready');
    expect((await again.next())?.data.name).toBe('a');
    expect((await again.next())?.data.name).toBe('b');

    const other = await HttpFace.start({ store: face.parts.store });
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Last-Event-ID': left };
    const resumed = await SseClient.open(`${other.url}/api/v1/events`, headers);
    clients.push(resumed);
    expect((await resumed.until('job')).data.name).toBe('a');
    expect((await resumed.until('job')).data.name).toBe('b');
    await other.app.close();
  });

  it('say reset where the past is forgotten', async () => {
    const client = await open('', { 'Last-Event-ID': '999999' });
    expect((await client.until('reset')).data.revision).toBeGreaterThan(0);
  });

  it('are filtered by kind and by job', async () => {
    const client = await open('?kinds=run&job=job');
    await client.until('ready');
    await write('/cron/jobs/job', '{}');
    await write('/cron/runs/other/r0', runValue);
    await write('/cron/runs/job/r1', runValue);
    expect(await client.next()).toMatchObject({ event: 'run', data: { id: 'r1' } });
    expect((await face.call('GET', '/api/v1/events?kinds=everything')).status).toBe(400);
  });
});

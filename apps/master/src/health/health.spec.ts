import { ManualClock } from '@app/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { FaceOverrides, HttpFace } from '../../../../test/support/http-face.js';
import { CHECK_DEADLINE_MS, checkAll } from './check-all.js';

describe('health', () => {
  let face: HttpFace;
  const start = async (overrides: FaceOverrides = {}) => {
    face = await HttpFace.start(overrides);
  };
  afterEach(() => face.close());

  it('is alive whatever else is away, and ready when everything is there', async () => {
    let isUp = false;
    const store = async (): Promise<void> => {
      if (!isUp) throw new Error('secret address of the store');
    };
    await start({ readiness: { store } });
    expect((await face.call('GET', '/livez', { token: null })).json).toEqual({ status: 'ok' });
    const away = await face.call('GET', '/readyz', { token: null });
    expect(away.status).toBe(503);
    expect(away.json).toEqual({ status: 'notReady', checks: { store: 'away' } });
    isUp = true;
    expect((await face.call('GET', '/readyz', { token: null })).status).toBe(200);
  });

  it('waits for no check longer than two seconds', async () => {
    await start();
    const clock = new ManualClock();
    const states = checkAll({ store: () => new Promise(() => {}) }, clock);
    await clock.advanceAsync(CHECK_DEADLINE_MS);
    expect(await states).toEqual({ store: 'away' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('answers from memory only when all of it has been read', async () => {
    let noteListed = (): void => {};
    const listed = new Promise<void>((resolve) => {
      noteListed = resolve;
    });
    const clock = new ManualClock({ now: Date.now() });
    await start({ listed, clock });
    const waiting = face.call('GET', '/api/v1/jobs/export');
    expect((await face.call('GET', '/api/v1/cluster')).status).toBe(200);
    expect((await face.call('GET', '/api/v1/auth/me')).status).toBe(200);
    // A kill needs nothing that is read first, and does not wait.
    expect((await face.call('POST', '/api/v1/runs/some-run/kill')).status).not.toBe(503);
    await expect.poll(() => clock.pendingTimers).toBeGreaterThan(0);
    await clock.advanceAsync(10_000);
    const answer = await waiting;
    expect(answer.json).toMatchObject({ status: 503, code: 'still_listing' });
    expect(answer.headers.get('retry-after')).toBe('2');
    const late = face.call('GET', '/api/v1/jobs/export');
    noteListed();
    expect((await late).status).toBe(200);
    expect((await face.call('GET', '/api/v1/jobs')).status).toBe(200);
  });

  it('shows metrics to those who may, by route', async () => {
    await start();
    expect((await face.call('GET', '/metrics', { token: null })).status).toBe(401);
    await face.call('GET', '/api/v1/runs/some-run');
    const metrics = await face.call('GET', '/metrics', { token: await face.token('viewer') });
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(metrics.text).toContain('route="/api/v1/runs/:id",status="404"');
    expect(metrics.text).not.toContain('some-run');
  });

  it('shows metrics to everybody where the operator said so', async () => {
    await start({ options: { isMetricsPublic: true } });
    expect((await face.call('GET', '/metrics', { token: null })).status).toBe(200);
  });

  it('says 503, not 401, while nobody can be known', async () => {
    await start();
    const token = await face.token('viewer');
    await face.parts.store.close();
    const answer = await face.call('GET', '/api/v1/auth/me', { token });
    expect(answer.json).toMatchObject({ status: 503, code: 'store_unavailable' });
    expect(answer.headers.get('retry-after')).toBe('2');
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { HttpFace } from '../../../../test/support/http-face.js';
import type { ClusterView, ClusterWarning } from '../ports/cluster-status.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const VITALS = {
  ...{ fires: 120, latenessP99Ms: 73, latenessMaxMs: 127, claims: 124, refused: 3, writeRequests: 97 },
  ...{ watchLagMs: 4, loopStallMs: 12, spoolBytes: 4096 },
};
const WORKER = {
  ...{ id: 'w1', pid: 4711, host: 'db1', address: '10.0.0.7', version: '0.1.0', schema: 1, group: 'default' },
  ...{ labels: {}, slots: 100, running: 3, undelivered: 2, clockOffsetMs: -3, state: 'ready' as const },
};
const MASTER = {
  ...{ id: 'm1', address: '10.0.0.5:8080', pid: 4242, version: '0.1.0', isLeader: true, startedAt: NOON },
  vitals: { watchLagMs: 0, loopStallMs: 24, clockOffsetMs: 5, isClockStopped: false },
};
const WARNING: ClusterWarning = {
  code: 'cursorInFuture',
  severity: 'error',
  text: { en: 'Nothing fires.', zh: '不会触发。' },
  since: NOON,
  about: Array.from({ length: 30 }, (_, index) => `job-${index}`),
  detail: { jobs: 30 },
};

describe('the health page of the cluster', () => {
  let face: HttpFace;
  afterEach(() => face.close());

  const read = async (view: Partial<ClusterView>) => {
    const well: ClusterView = {
      masters: [],
      workers: [],
      store: { kind: 'etcd', isUp: true, sizeBytes: 900, inUseBytes: 400, quotaBytes: 1000, alarms: [], members: [] },
      history: { kind: 'mongodb', isUp: true },
      warnings: [],
    };
    face = await HttpFace.start({ cluster: { read: async () => ({ ...well, ...view }) } });
    return (await face.call('GET', '/api/v1/cluster', { token: await face.token('viewer') })).json;
  };

  it('carries the figures of every worker and every master, and of the store', async () => {
    const historyAwaySince = NOON - 60_000;
    const idle = { ...VITALS, fires: 0, claims: 0, refused: 0, historyAwaySince };
    const workers = [
      { ...WORKER, vitals: VITALS },
      { ...WORKER, id: 'w2', vitals: idle },
      { ...WORKER, id: 'old' },
    ];
    const page = await read({ workers, masters: [MASTER] });
    expect(page.workers).toEqual([
      { ...WORKER, vitals: { ...VITALS, refusedShare: 0.0242, writeRequestsPerFire: 0.81 } },
      { ...WORKER, id: 'w2', vitals: { ...idle, historyAwaySince: '2026-01-01T11:59:00.000Z' } },
      { ...WORKER, id: 'old' },
    ]);
    expect(page.masters).toEqual([{ ...MASTER, startedAt: '2026-01-01T12:00:00.000Z' }]);
    expect(page.store).toMatchObject({ sizeBytes: 900, inUseBytes: 400, quotaBytes: 1000 });
  });

  it('says what is not well with its severity, since when, about whom and by which figures', async () => {
    const page = await read({ warnings: [WARNING] });
    expect(page.warnings).toEqual([
      {
        ...WARNING,
        message: 'Nothing fires.',
        since: '2026-01-01T12:00:00.000Z',
        about: WARNING.about?.slice(0, 20),
      },
    ]);
  });

  it('leaves out what is not known', async () => {
    const text = { en: 'No worker is up.', zh: '没有执行节点在线。' };
    const page = await read({ warnings: [{ code: 'noWorker', severity: 'error', text }] });
    expect(page.warnings).toEqual([{ code: 'noWorker', severity: 'error', message: text.en, text }]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedStore, listAll } from '@app/etcd';
import { Keys, parseJobDocument, type Run, readCursor, readDefinition, scheduleOf } from '@app/jobs';
import { EmbeddedHistory } from '@app/logs';
import { ManualClock, silentLog } from '@app/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedDemo } from './demo-fleet.js';
import { DEMO_INVALID, DEMO_JOBS } from './demo-fleet-jobs.js';

const NOW = Date.UTC(2026, 10, 20, 17, 4, 37);
const HOUR_MS = 3_600_000;

describe('the demo fleet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetcron-demo-'));
  const keys = new Keys('/cron');
  let store: EmbeddedStore;
  let history: EmbeddedHistory;

  beforeAll(async () => {
    await seedDemo(folder, NOW);
    store = EmbeddedStore.open({ folder, clock: new ManualClock({ now: NOW }), log: silentLog });
    history = new EmbeddedHistory(join(folder, 'history.db'));
  });

  afterAll(async () => {
    await history?.close();
    await store?.close();
    rmSync(folder, { recursive: true });
  });

  const runsOf = async (name: string, limit = 500): Promise<readonly Run[]> =>
    (await history.findRuns({ jobNames: [name] }, limit)).items;
  const textOf = async (run: Run | undefined, stream?: 'stderr'): Promise<string> => {
    const chunks = await history.findOutput(run?.id ?? '', stream ? { stream } : {});
    return chunks.map(({ data }) => data.toString()).join('');
  };

  it('is made of documents the API would take', () => {
    for (const { document } of DEMO_JOBS) expect(() => parseJobDocument(document)).not.toThrow();
    expect(DEMO_JOBS.length).toBeGreaterThanOrEqual(38);
    expect(new Set(DEMO_JOBS.map(({ document }) => document.name)).size).toBe(DEMO_JOBS.length);
  });

  it('leaves no fire undecided, and none to come within the hour', async () => {
    const { entries } = await listAll(store, keys.jobs);
    expect(entries).toHaveLength(DEMO_JOBS.length + 1);
    for (const entry of entries) {
      const definition = readDefinition(entry.key.slice(keys.jobs.length), entry);
      if (definition.name === DEMO_INVALID.name) {
        expect(definition.parsed).toMatchObject({ ok: false, reason: expect.stringContaining('25') });
        continue;
      }
      const cursor = readCursor((await store.get(keys.cursor(definition.name)))?.value ?? Buffer.alloc(0));
      expect(cursor).toMatchObject({ at: NOW, fingerprint: definition.fingerprint });
      expect([0, definition.createRevision]).toContain(cursor?.generation);
      expect(definition.schedule?.next(NOW) ?? Infinity).toBeGreaterThan(NOW + HOUR_MS);
    }
    expect((await listAll(store, keys.runs)).entries).toEqual([]);
  });

  it('goes on with all of it where it is to be live', async () => {
    const live = mkdtempSync(join(tmpdir(), 'fleetcron-demo-'));
    await seedDemo(live, NOW, { isLive: true });
    const opened = EmbeddedStore.open({ folder: live, clock: new ManualClock({ now: NOW }), log: silentLog });
    const entry = await opened.get(keys.job('订单超时回收'));
    await opened.close();
    rmSync(live, { recursive: true });
    const { job } = parseJobDocument(JSON.parse(entry?.value.toString() ?? ''));
    expect(scheduleOf(job)?.next(NOW)).toBeLessThanOrEqual(NOW + 30_000);
  });

  it('fails tonight in three attempts, with colours, stderr, a cut and Chinese in the output', async () => {
    const [third, second, first] = await runsOf('nightly-clearing', 3);
    expect([first, second, third].map((run) => [run?.attempt, run?.status, run?.exitCode])).toEqual([
      [1, 'failed', 2],
      [2, 'failed', 2],
      [3, 'failed', 2],
    ]);
    expect(new Set([first, second, third].map((run) => run?.rootRunId))).toEqual(new Set([first?.id]));
    expect(third?.outputTruncated).toBe(true);
    expect(await textOf(third)).toMatch(/已回滚/);
    expect(await textOf(third, 'stderr')).toContain('\u001b[1;31mFATAL');
    const chunks = await history.findOutput(third?.id ?? '', {});
    expect(chunks.some(({ cutBefore }) => cutBefore > 1_000_000)).toBe(true);
    expect(third?.outputBytes).toBeGreaterThan(1_000_000);
  });

  it('fails hour by hour in a streak, after an edit', async () => {
    const runs = await runsOf('partner-feed-import', 6);
    expect(runs.map(({ status }) => status)).toEqual([...Array(5).fill('failed'), 'succeeded']);
    expect(runs[5]?.jobRevision).toBeLessThan(runs[0]?.jobRevision ?? 0);
  });

  it('missed a stretch for want of a worker, lost runs, killed some, skipped some', async () => {
    const stretch = (await runsOf('edge-cache-purge', 50)).find(({ count }) => count > 1);
    expect(stretch).toMatchObject({ status: 'missed', reason: 'noEligibleWorker', count: 8 });
    expect((stretch?.untilTime ?? 0) - (stretch?.scheduledTime ?? 0)).toBe(7 * 900_000);
    expect((await runsOf('cache-warm', 1))[0]).toMatchObject({ status: 'lost', reason: 'workerDied' });
    const lost = (await runsOf('nightly-clearing')).find(({ status }) => status === 'lost');
    const retry = (await history.findRuns({ rootRunId: lost?.id ?? '' }, 10)).items.find(
      ({ attempt }) => attempt === 2,
    );
    expect(retry).toMatchObject({ status: 'succeeded', trigger: 'retry' });
    expect((await runsOf('old-import', 1))[0]).toMatchObject({ status: 'killed', killedBy: 'li.wei' });
    expect((await runsOf('sms-reminder', 1))[0]).toMatchObject({ status: 'skipped' });
  });

  it('knows the versions of what was edited, and by whom', async () => {
    const { entries } = await listAll(store, keys.versionsOf('nightly-clearing'));
    const versions = entries.map(({ value }) => JSON.parse(value.toString()));
    expect(versions.map(({ replacedBy }) => replacedBy)).toEqual(['ann', 'li.wei', 'ann']);
    expect(versions.map(({ document }) => document.timeoutSeconds)).toEqual([600, 1_200, 1_800]);
  });

  it('has no record of the future, and each that ran in order', async () => {
    for (const status of ['succeeded', 'failed', 'killed', 'timedOut', 'lost'] as const) {
      const { items } = await history.findRuns({ statuses: [status] }, 500);
      expect(items.length).toBeGreaterThan(0);
      for (const { scheduledTime, claimedAt = 0, startTime = 0, endTime = 0 } of items) {
        const times = [scheduledTime, claimedAt, startTime, endTime, NOW];
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
    }
  });
});

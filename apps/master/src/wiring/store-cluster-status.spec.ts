import { writeBeat, writeCursor } from '@app/jobs';
import { EmbeddedHistory, type LogSinkStats } from '@app/logs';
import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { MirroredWorkers } from '../live/mirrored-workers.js';
import { FutureCursors } from './future-cursors.js';
import { StoreClusterStatus } from './store-cluster-status.js';
import { StoreGrowthWatch } from './store-growth-watch.js';

const MINUTE = 60_000;

describe('the health of the whole', () => {
  let room: JobsFixture;
  let history: EmbeddedHistory;
  let workers: MirroredWorkers;
  let status: StoreClusterStatus;

  beforeEach(async () => {
    room = new JobsFixture();
    await room.start();
    const { store, keys, clock, registry, fleet } = room;
    history = new EmbeddedHistory(':memory:');
    workers = new MirroredWorkers(store, keys, clock, silentLog);
    await workers.start();
    status = new StoreClusterStatus({
      ...{ store, keys, clock, history, registry, fleet, workers },
      sink: { stats: () => ({ waitingRecords: 0 }) as LogSinkStats },
      futureCursors: new FutureCursors(store, keys, registry, clock),
      growth: new StoreGrowthWatch(store, keys, clock),
      kinds: { store: 'memory', history: 'embedded' },
    });
  });
  afterEach(async () => {
    workers.close();
    await history.close();
    await room.close();
  });

  const warnings = async () => (await status.read()).warnings;
  const texts = async () => (await warnings()).map(({ code, text }) => `${code}: ${text.en}`);
  const codes = async () => (await warnings()).map(({ code }) => code);
  const cursor = async (name: string, at: number) => {
    const { createRevision: generation, fingerprint } = await room.putJob({ name, cronExpr: '0 * * * *' });
    await room.put(room.keys.cursor(name), writeCursor({ at, generation, fingerprint, runs: 0, resets: 0 }));
  };
  const master = (id: string) => ({ id, address: '10.0.0.5:8080', pid: 7, version: '0.1.0', startedAt: '2026-01-01' });

  it('is well with a worker and all stores up', async () => {
    await room.join('w1');
    await cursor('tick', START);
    expect(await texts()).toEqual([]);
  });

  it('names what is not well, in both languages', async () => {
    await history.close();
    expect(await texts()).toEqual([
      expect.stringMatching(/^historyAway: History does not answer: records wait and arrive later\./),
      'noWorker: No worker is up: nothing runs. Start one.',
    ]);
    for (const { text, severity } of await warnings()) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      expect(severity).toBe('error');
    }
  });

  it('names jobs that no worker may run', async () => {
    await room.join('w1');
    await room.putJob({ name: 'tick', cronExpr: '* * * * *', group: 'edge' });
    expect(await texts()).toEqual(['noEligibleWorker: No worker may run tick: look at their group and selector.']);
  });

  it('names jobs whose cursor is in the future, within a minute', async () => {
    await room.join('w1');
    await cursor('soon', START + MINUTE);
    for (const name of ['a', 'b', 'c', 'd']) {
      await cursor(name, START + MINUTE + 1);
    }
    await room.put(room.keys.cursor('deleted'), writeCursor({ ...DELETED, at: START + 9 * MINUTE }));
    expect(await texts()).toEqual([expect.stringMatching(/^cursorInFuture: .*a, b, c and 1 more/)]);

    await cursor('e', START + 9 * MINUTE);
    expect(await texts()).toEqual([expect.stringContaining('1 more')]);
    await room.clock.advanceAsync(MINUTE);
    await expect.poll(texts).toEqual([expect.stringMatching(/^cursorInFuture: .*e /)]);
  });

  it('names what workers tell in their beats, and goes by no old one', async () => {
    await room.join('w1');
    await room.put(room.keys.beat('w1'), writeBeat({ id: 'w1', clock: START, running: 1, load: 0, vitals: LATE }));
    expect((await status.read()).workers).toMatchObject([{ id: 'w1', running: 1, vitals: LATE }]);
    expect(await codes()).toEqual(['workersLate']);
    await room.clock.advanceAsync(30_001);
    expect(await codes()).toEqual([]);
    expect((await status.read()).workers).toMatchObject([{ id: 'w1', running: 1, vitals: undefined }]);
  });

  it('knows the masters, and whether one leads', async () => {
    await room.join('w1');
    await room.put(`${room.keys.masters}m1`, JSON.stringify(master('m1')));
    await room.put(`${room.keys.masters}m2`, JSON.stringify(master('m2')));
    await room.put(`${room.keys.masters}m3`, 'garbage');
    expect(await codes()).toEqual(['noLeader']);
    await room.put(room.keys.leader, 'm2');
    expect(await codes()).toEqual([]);
    expect((await status.read()).masters).toMatchObject([
      { id: 'm1', isLeader: false },
      { id: 'm2', isLeader: true },
    ]);
  });

  it('waits no longer than two seconds for a history that says nothing', async () => {
    await room.join('w1');
    history.ping = () => new Promise(() => {});
    const read = codes();
    await room.clock.advanceAsync(2000);
    expect(await read).toEqual(['historyAway']);
  });

  it('says that the store is away, and still answers', async () => {
    await room.join('w1');
    await room.store.close();
    expect(await status.read()).toMatchObject({ store: { isUp: false }, masters: [], workers: [{ id: 'w1' }] });
    expect(await codes()).toContain('storeAway');
  });
});

const DELETED = { generation: 1, fingerprint: '', runs: 0, resets: 0, deleted: true } as const;
const LATE = {
  ...{ fires: 9, latenessP99Ms: 2600, latenessMaxMs: 3000, claims: 9, refused: 0, writeRequests: 9 },
  ...{ watchLagMs: 0, loopStallMs: 0, spoolBytes: 0 },
};

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Run } from '@app/jobs';
import { StoreUnavailable, SystemClock, silentLog } from '@app/platform';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchMachine } from '../../../../test/support/machine-stalls.js';
import { startMongoServer } from '../../../../test/support/mongo-server.js';
import { startTcpProxy, TcpProxy } from '../../../../test/support/tcp-proxy.js';
import { sampleChunk, sampleRun, T0 } from '../contract/samples.js';
import { HistoryRefused } from '../port/errors.js';
import { totalCount } from '../rollup/merge-rollups.js';
import { LogSink } from '../sink/log-sink.js';
import { foldNotes } from './dirty-hours.js';
import { MongoHistory } from './mongo-history.js';
import { MongoLink, MongoTuning } from './mongo-link.js';
import { recomputeJobs } from './rollup-collection.js';

const QUICK: MongoTuning = { selectMs: 1_000, callMs: 1_500, poolSize: 4 };

const server = await startMongoServer();
const isOwn = server?.isOwn === true;

describe.runIf(server !== undefined)(`MongoHistory in trouble, on ${server?.description ?? 'no server'}`, () => {
  let databases = 0;
  let database: string;
  let open: MongoHistory[];

  beforeEach(() => {
    databases += 1;
    database = `fleetcron_faults_${process.pid}_${databases}`;
    open = [];
  });

  afterEach(async () => {
    await Promise.all(open.map((store) => store.close()));
  });

  afterAll(async () => {
    await server?.stop();
  });

  function history(uri = server!.uri(database), tuning: Partial<MongoTuning> = QUICK): MongoHistory {
    const store = new MongoHistory(uri, new SystemClock(), silentLog, tuning);
    open.push(store);
    return store;
  }

  it('refuses a document larger than MongoDB takes, for ever, and takes the others', async () => {
    const store = history(undefined, {});
    await store.prepare();
    const large = sampleRun({ id: 'large', output: 'x'.repeat(17 * 1024 * 1024) });
    await expect(store.writeRuns([large])).rejects.toBeInstanceOf(HistoryRefused);
    const chunk = sampleChunk('r', 0, '', { data: Buffer.from(Array.from({ length: 5 }, () => Math.random()).join()) });
    await store.writeOutput([chunk]);
    await store.writeRuns([sampleRun({ id: 'small' })]);
    expect(await store.findRun('large')).toBeUndefined();
    expect(await store.findRun('small')).toBeDefined();
  });

  it('counts exactly what many writers wrote at once into the same hours', async () => {
    const writers = [history(undefined, {}), history(undefined, {}), history(undefined, {})];
    await Promise.all(writers.map((writer) => writer.prepare()));
    const runs = Array.from({ length: 300 }, (_, n) =>
      sampleRun({ id: `r${n}`, jobName: `j${n % 5}`, scheduledTime: T0 + n }),
    );
    const counting = (async () => {
      for (let round = 0; round < 20; round += 1) await writers[0]!.recomputeRollups(3);
    })();
    await Promise.all(Array.from({ length: 30 }, (_, n) => writers[n % 3]!.writeRuns(runs.slice(n * 10, n * 10 + 10))));
    await counting;
    while ((await writers[1]!.recomputeRollups(100)) > 0);
    const [rollup] = await writers[2]!.findRollups({ from: 0, to: T0 + 1 });
    expect(totalCount(rollup!)).toBe(300);
  });

  it('reads no further for nobody: who asked has been told that it took too long', async () => {
    const store = history(undefined, {});
    await store.writeRuns([sampleRun({ id: 'r1' }), sampleRun({ id: 'r2' })]);
    const link = new MongoLink(server!.uri(database), new SystemClock(), silentLog, { ...QUICK, callMs: 100 });
    try {
      let counting: Promise<unknown> | undefined;
      const asked = link.call('count', 'write', async (models, signal) => {
        await foldNotes(models, 5_000);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        counting = recomputeJobs(models, '', 10, undefined, { maxTimeMs: 5_000, signal });
        await counting;
      });
      await expect(asked).rejects.toMatchObject({ constructor: StoreUnavailable, outcome: 'unknown' });
      await eventually(async () => expect(counting).toBeDefined());
      await expect(counting).rejects.toMatchObject({ name: 'AbortError' });
    } finally {
      await link.close();
    }
    expect(await store.findRollups({ from: 0, to: T0 + 1 })).toEqual([]);
    while ((await store.recomputeRollups(100)) > 0);
    expect(totalCount((await store.findRollups({ from: 0, to: T0 + 1 }))[0]!)).toBe(2);
  });

  it('stores once what was written again because the answer was lost', async () => {
    const url = new URL(server!.uri(database));
    const proxy = await startTcpProxy(Number(url.port || 27017));
    try {
      url.host = proxy.host;
      const store = history(url.href);
      await store.prepare();
      await store.writeRuns([sampleRun({ id: 'r0' })]);
      proxy.drop('toClient');
      const runs = [sampleRun({ id: 'r1' }), sampleRun({ id: 'r2' })];
      await expect(store.writeRuns(runs)).rejects.toMatchObject({ constructor: StoreUnavailable, outcome: 'unknown' });
      reconnect(proxy);
      await eventually(() => store.writeRuns(runs));
      expect((await store.findRuns({}, 10)).items.map((run) => run.id)).toEqual(['r2', 'r1', 'r0']);
    } finally {
      await proxy.close();
    }
  });

  it.runIf(isOwn)(
    'says in time that it is unavailable while the server hangs, and goes on when it is back',
    async () => {
      const store = history();
      await store.prepare();
      await server!.pause();
      try {
        const stalled = watchMachine();
        const since = performance.now();
        await expect(store.writeRuns([sampleRun({ id: 'r1' })])).rejects.toBeInstanceOf(StoreUnavailable);
        await expect(store.findRuns({}, 10)).rejects.toBeInstanceOf(StoreUnavailable);
        expect(performance.now() - since).toBeLessThan(2 * (QUICK.selectMs + QUICK.callMs + 1_500) + stalled());
      } finally {
        server!.resume();
      }
      await eventually(() => store.writeRuns([sampleRun({ id: 'r1' })]));
      expect(await store.findRun('r1')).toBeDefined();
    },
  );

  it.runIf(isOwn)('connects by itself to a server that comes late', async () => {
    await server!.kill();
    const store = history();
    await expect(store.prepare()).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(store.writeRuns([sampleRun({ id: 'r1' })])).rejects.toMatchObject({ outcome: 'notDone' });
    await server!.restart();
    await eventually(() => store.writeRuns([sampleRun({ id: 'r1' })]));
    // Indexes are made meanwhile, and mongo-java-server fails to read a collection that is just getting one.
    await eventually(async () => expect(await store.findRun('r1')).toBeDefined());
  });

  it.runIf(isOwn)('gets every record of a sink, once, through outages of any kind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fleetcron-mongo-sink-'));
    const store = history();
    await store.prepare();
    const sink = new LogSink(store, folder, new SystemClock(), silentLog, {
      batchMs: 20,
      slowMs: 100,
      retryMaxMs: 100,
    });
    await sink.start();
    const runs: Run[] = [];
    const record = (number: number) => {
      for (let n = 0; n < number; n += 1)
        runs.push(sampleRun({ id: `r${runs.length}`, scheduledTime: T0 + runs.length }));
      return Promise.all(runs.slice(-number).map((run) => sink.record(run).spooled));
    };
    await record(100);
    expect(sink.stats().mode).toBe('direct');
    await server!.pause();
    await record(100);
    expect(sink.stats().mode).toBe('spooling');
    server!.resume();
    await record(100);
    await vi.waitFor(() => expect(sink.stats()).toMatchObject({ mode: 'direct', spoolBytes: 0 }), { timeout: 10_000 });
    const found: Run[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await store.findRuns({}, 500, cursor);
      found.push(...page.items);
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    expect(found.toReversed()).toEqual(runs);
    await sink.close(2_000);
    await rm(folder, { recursive: true });
  });
});

/** A connection that lost bytes is of no more use. */
function reconnect(proxy: TcpProxy): void {
  proxy.cut();
  proxy.heal();
}

/** Repeats a call that is safe to repeat until the store has recovered. */
async function eventually(call: () => Promise<void>): Promise<void> {
  await vi.waitFor(call, { timeout: 10_000, interval: 50 });
}

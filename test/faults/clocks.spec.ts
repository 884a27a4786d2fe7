import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { hasEtcd } from '../support/etcd-server.js';
import { startMongoServer } from '../support/mongo-server.js';
import { until, untilTime } from '../support/until.js';
import { setCrew } from './crew.js';
import { IS_LONG, secondAfter, span } from './span.js';
import { account } from './verdict.js';

/** Debian's package libfaketime. */
const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const OFFSETS: Readonly<Record<string, number>> = { 'worker-1': -10, 'worker-2': 0, 'worker-3': 10 };
const EARLY_MS = 2_000;

const mongo = hasEtcd() ? await startMongoServer() : undefined;

/** Wall clocks that differ; the monotonic ones are what they are on one machine. */
function skewed(worker: string): Record<string, string> {
  const seconds = OFFSETS[worker] ?? 0;
  if (seconds === 0) return {};
  return { LD_PRELOAD: LIBRARY, FAKETIME: offset(seconds), FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

/** As libfaketime reads it. */
function offset(seconds: number): string {
  return `${seconds < 0 ? '' : '+'}${seconds}s`;
}

/** What the workers say of themselves, by id. */
async function statesOf(stage: Stage): Promise<Readonly<Record<string, string>>> {
  const { json } = await stage.cluster.api().get('/workers');
  return Object.fromEntries(json.items.map(({ id, state }: { id: string; state: string }) => [id, state]));
}

function earlyStarts(stage: Stage) {
  return stage.truth().starts.filter(({ startedAt, scheduledTime }) => startedAt < scheduledTime - EARLY_MS);
}

function isThere(): boolean {
  if (existsSync(LIBRARY)) return true;
  if (process.env.FLEETCRON_REQUIRE_SERVICES === '1') throw new Error('There is no libfaketime (Debian: libfaketime).');
  console.error('LEFT OUT: clocks that differ, for there is no libfaketime (Debian: libfaketime).');
  return false;
}

const canSkew = mongo !== undefined && isThere();

afterAll(() => mongo?.stop(), 60_000);

describe.runIf(canSkew)('workers whose clocks are ten seconds apart', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setCrew(mongo!, { environmentOf: skewed });
  }, 300_000);

  afterAll(() => stage?.strike(), 60_000);

  it('are set aside but for the one in the middle, and nothing is doubled, missed or early', async () => {
    await until(
      'the two are set aside',
      async () => {
        const states = await statesOf(stage);
        return states['worker-1'] === 'unwell' && states['worker-2'] === 'ready' && states['worker-3'] === 'unwell';
      },
      30_000,
    );
    const from = secondAfter(Date.now());
    await untilTime(from + span(60_000, 15_000));
    const { fires } = await account(stage, 'clocks 10 s apart', [from, Date.now() - 5_000]);
    expect(fires).toBeGreaterThan(0);
    expect(earlyStarts(stage)).toEqual([]);
    const runs = await stage.cluster.api().runsOf(stage.ticking[0]!);
    const within = runs.filter(({ scheduledTime }) => scheduledTime >= from);
    expect(new Set(within.map(({ worker }) => worker))).toEqual(new Set(['worker-2']));
  }, 240_000);
});

describe.runIf(canSkew)('clocks that jump, and masters that are slow', () => {
  /** One by less than what is told of, the other by so much that it may not edit. */
  const SLOW_S: Readonly<Record<string, number>> = { 'master-1': 1.5, 'master-2': 10 };
  const jumping = 'worker-1';
  /** Holds how far the clock of the one worker is off; read again by it all the time. */
  const file = join(mkdtempSync(join(tmpdir(), 'fleetcron-clock-')), 'offset');
  let stage: Stage;

  const environmentOf = (program: string): Record<string, string> => {
    const common = { LD_PRELOAD: LIBRARY, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
    const slow = SLOW_S[program];
    if (slow !== undefined) return { ...common, FAKETIME: offset(-slow) };
    return program === jumping ? { ...common, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1' } : {};
  };

  beforeAll(async () => {
    writeFileSync(file, offset(0));
    stage = await setCrew(mongo!, { environmentOf });
  }, 300_000);

  afterAll(() => stage?.strike(), 60_000);

  it.each(IS_LONG ? [3_600, -3_600, 86_400, -86_400] : [3_600, -86_400])(
    'sets a worker aside whose clock jumps by %i s, and neither doubles, misses nor hurries anything',
    async (seconds) => {
      await until('it is ready', async () => (await statesOf(stage))[jumping] === 'ready', 60_000);
      const from = secondAfter(Date.now());
      writeFileSync(file, offset(seconds));
      await until('it is set aside', async () => (await statesOf(stage))[jumping] === 'unwell', 30_000);
      await untilTime(from + span(30_000, 8_000));
      writeFileSync(file, offset(0));
      await until('it is ready again', async () => (await statesOf(stage))[jumping] === 'ready', 60_000);
      await stage.untilAllTick(secondAfter(Date.now()), 60_000);
      await account(stage, `a clock that jumps by ${seconds} s and back`, [from, Date.now() - 5_000]);
      expect(earlyStarts(stage)).toEqual([]);
    },
    240_000,
  );

  it('fires no old time again of a job that is deleted and made anew through a master whose clock is slow', async () => {
    const { cluster } = stage;
    const api = cluster.api(cluster.masters[0]);
    const from = secondAfter(Date.now());
    for (let life = 0; life < span(10, 4); life++) {
      const name = `reborn-${life % 2}`;
      await stage.putThrough(api, name);
      await stage.untilStarted(name, secondAfter(Date.now()), 30_000);
      await stage.remove(name, api);
    }
    await account(stage, 'jobs deleted and made anew through a slow master', [from, Date.now()]);
    expect(earlyStarts(stage)).toEqual([]);
  }, 240_000);

  it('lets no master edit whose clock is far off, and says why', async () => {
    const { cluster } = stage;
    const { status, json } = await cluster
      .api(cluster.masters[1])
      .call('POST', '/jobs', { name: 'refused', command: 'true' });
    expect({ status, code: json.code }).toEqual({ status: 503, code: 'clock_suspect' });
    expect((await cluster.api(cluster.masters[0]).get('/jobs/refused')).status).toBe(404);
  });
});

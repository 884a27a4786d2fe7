import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { hasEtcd } from '../support/etcd-server.js';
import { startMongoServer } from '../support/mongo-server.js';
import { until, untilTime } from '../support/until.js';
import { setCrew } from './crew.js';
import { secondAfter, span } from './span.js';
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
  return { LD_PRELOAD: LIBRARY, FAKETIME: `${seconds > 0 ? '+' : ''}${seconds}s`, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

function isThere(): boolean {
  if (existsSync(LIBRARY)) return true;
  if (process.env.FLEETCRON_REQUIRE_SERVICES === '1') throw new Error('There is no libfaketime (Debian: libfaketime).');
  console.error('LEFT OUT: clocks that differ, for there is no libfaketime (Debian: libfaketime).');
  return false;
}

describe.runIf(mongo !== undefined && isThere())('workers whose clocks are ten seconds apart', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setCrew(mongo!, { environmentOf: skewed });
  }, 300_000);

  afterAll(async () => {
    await stage?.strike();
    await mongo?.stop();
  }, 60_000);

  it('are set aside but for the one in the middle, and nothing is doubled, missed or early', async () => {
    await until(
      'the two are set aside',
      async () => {
        const { json } = await stage.cluster.api().get('/workers');
        const states = Object.fromEntries(
          json.items.map(({ id, state }: { id: string; state: string }) => [id, state]),
        );
        return states['worker-1'] === 'unwell' && states['worker-2'] === 'ready' && states['worker-3'] === 'unwell';
      },
      30_000,
    );
    const from = secondAfter(Date.now());
    await untilTime(from + span(60_000, 15_000));
    const { fires } = await account(stage, 'clocks 10 s apart', [from, Date.now() - 5_000]);
    expect(fires).toBeGreaterThan(0);
    const early = stage.truth().starts.filter(({ startedAt, scheduledTime }) => startedAt < scheduledTime - EARLY_MS);
    expect(early).toEqual([]);
    const runs = await stage.cluster.api().runsOf(stage.ticking[0]!);
    const within = runs.filter(({ scheduledTime }) => scheduledTime >= from);
    expect(new Set(within.map(({ worker }) => worker))).toEqual(new Set(['worker-2']));
  }, 240_000);
});

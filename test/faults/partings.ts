import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { figureIn, metricsOf } from '../bench/prometheus.js';
import { Program } from '../support/cluster/program.js';
import { Direction } from '../support/tcp-proxy.js';
import { until, untilTime } from '../support/until.js';
import { IS_LONG, secondAfter, span } from './span.js';
import { account } from './verdict.js';

const TAKEOVER_MS = 3_000;
/** Longer than a session lives without being renewed. */
const PARTED_MS = 13_000;
const FLAPPING_MS = 10_000;
/** A worker asks for a new session at growing distances; each of its connections may cost it one. */
const MOST_LEASES = 20;

const WAYS: readonly (readonly Direction[])[] = [
  ['toServer'],
  ['toClient'],
  ...(IS_LONG ? [['toServer', 'toClient'] as const] : []),
];

/** Workers that cannot reach etcd, or leave and come back, while sixty fires a second are due. */
export function partings(stage: () => Stage): void {
  for (const directions of WAYS) {
    it(`goes on without a worker whose words to or from etcd are held back (${directions.join(' and ')})`, async () => {
      const { cluster } = stage();
      const [way, worker] = [cluster.waysToStore[1]!, cluster.workers[1]!];
      const from = secondAfter(Date.now());
      way.hold(...directions);
      await untilTime(from + PARTED_MS);
      way.heal();
      await until('it is ready again', () => worker.isReady(), 60_000);
      await stage().untilAllTick(secondAfter(Date.now()), 60_000);
      await account(stage(), `${directions.join(' and ')} of a worker held back for ${PARTED_MS / 1000} s`, [
        from,
        Date.now() - 5_000,
      ]);
    }, 240_000);
  }

  it('makes no storm of sessions, and doubles nothing, of a line that is cut and loses answers again and again', async () => {
    const { cluster } = stage();
    const way = cluster.waysToStore[2]!;
    const before = await leasesGranted(stage());
    // One for each master and worker at least: it counts.
    expect(before).toBeGreaterThan(0);
    const from = secondAfter(Date.now());
    for (let cut = 1; Date.now() < from + FLAPPING_MS; cut++) {
      // Every other time what is on its way is lost first: what was asked for is done, and nobody is told.
      if (cut % 2 === 0) way.drop('toClient');
      await delay(75);
      way.cut();
      way.heal();
      await delay(75);
    }
    await until('it is ready again', () => cluster.workers[2]!.isReady(), 60_000);
    await stage().untilAllTick(secondAfter(Date.now()), 60_000);
    const leases = (await leasesGranted(stage())) - before;
    await account(
      stage(),
      `a line cut every 150 ms for ${FLAPPING_MS / 1000} s, half of them after answers were lost, ${leases} sessions begun`,
      [from, Date.now() - 5_000],
    );
    expect(leases).toBeLessThan(MOST_LEASES);
  }, 240_000);

  it('loses and doubles nothing while workers are restarted one after the other', async () => {
    const { cluster } = stage();
    const from = secondAfter(Date.now());
    for (let round = 0; round < span(3, 1); round++) {
      for (const worker of cluster.workers) {
        expect(await worker.restart()).toBe(0);
      }
    }
    await stage().untilAllTick(secondAfter(Date.now()), 60_000);
    const { p99Ms } = await account(stage(), 'workers restarted one after the other', [from, Date.now() - 5_000]);
    expect(p99Ms).toBeLessThan(TAKEOVER_MS);
  }, 300_000);

  it('decides each fire once while a worker is drained and taken back at the very moments of fires', async () => {
    const { cluster } = stage();
    const from = secondAfter(Date.now());
    for (let round = 0; round < span(20, 8); round++) {
      // Around the whole second: a little before it, at it, a little after it.
      await untilTime(from + round * 2_000 + ((round % 3) - 1) * 30);
      await cluster.api().post('/workers/worker-1/drain');
      await untilTime(from + round * 2_000 + 1_000 + ((round % 3) - 1) * 30);
      await cluster.api().post('/workers/worker-1/undrain');
    }
    await stage().untilAllTick(secondAfter(Date.now()), 60_000);
    const { p99Ms } = await account(stage(), 'a worker drained and taken back every two seconds', [
      from,
      Date.now() - 5_000,
    ]);
    expect(p99Ms).toBeLessThan(TAKEOVER_MS);
  }, 240_000);

  it('decides each fire once while the label that jobs ask for goes from worker to worker', async () => {
    const { cluster } = stage();
    const names = ['labelled-1', 'labelled-2', 'labelled-3'];
    const from = secondAfter(Date.now());
    await relabel(cluster.workers[0]!, 'disk=ssd');
    for (const name of names) {
      await stage().putTelling(name, 'forbid', '0', { routing: { selector: { disk: 'ssd' } } });
    }
    for (let round = 0; round < span(10, 2); round++) {
      const [holder, next] = round % 2 === 0 ? [0, 1] : [1, 0];
      await untilTime(secondAfter(Date.now()) + (round % 2 === 0 ? -20 : 20));
      await relabel(cluster.workers[next]!, 'disk=ssd');
      await untilTime(secondAfter(Date.now()) + (round % 2 === 0 ? 20 : -20));
      await relabel(cluster.workers[holder]!, '');
    }
    await stage().untilAllTick(secondAfter(Date.now()), 60_000);
    await account(stage(), 'a label going from worker to worker', [from, Date.now() - 5_000]);
    const runs = (await Promise.all(names.map((name) => cluster.api().runsOf(name)))).flat();
    const runners = new Set(runs.flatMap(({ worker }) => worker ?? []));
    expect([...runners].sort()).toEqual(['worker-1', 'worker-2']);
    for (const name of names) await stage().remove(name);
  }, 300_000);
}

async function relabel(worker: Program, labels: string): Promise<void> {
  worker.configure({ FLEETCRON_LABELS: labels });
  await worker.restart();
}

/** Sessions that were ever begun. */
async function leasesGranted(stage: Stage): Promise<number> {
  const text = await metricsOf(stage.cluster.lab.server.metricsUrl);
  return figureIn(text, 'etcd_debugging_lease_granted_total');
}

import { expect, it } from 'vitest';
import { Stage } from '../../accounting/stage.js';
import { until } from '../../support/until.js';

const LOAD = Array.from({ length: 10 }, (_, index) => `load-${index}`);
const STOPPED_MS = 15_000;
const ETCD_STOPPED_MS = 6000;

/** Leaving in order, standing still, and a store that does. */
export function interruptions(stage: () => Stage): void {
  it('loses and doubles no fire when a worker leaves under load', async () => {
    const { cluster } = stage();
    for (const name of LOAD) await stage().putTelling(name, 'allow', 'sleep 0.5');
    const from = Math.ceil(Date.now() / 1000) * 1000 + 2000;
    await stage().untilStarted(LOAD.at(-1)!, from + 1000);
    const leaver = await stage().runnerOf(LOAD[0]!);
    leaver.signal('SIGTERM');
    expect(await leaver.exit()).toBe(0);
    const to = Math.floor(Date.now() / 1000) * 1000 + 2000;
    await Promise.all(LOAD.map((name) => stage().untilStarted(name, to)));

    const fires = Array.from({ length: (to - from) / 1000 }, (_, index) => from + index * 1000);
    for (const name of LOAD) {
      const started = stage()
        .truth()
        .starts.filter(({ jobName }) => jobName === name);
      const times = started.map(({ scheduledTime }) => scheduledTime).filter((at) => at >= from && at < to);
      expect(times.sort()).toEqual(fires);
    }
    for (const name of LOAD) await stage().remove(name);
    await cluster.startAll();
    expect(await stage().discrepancies(Date.now())).toEqual([]);
  }, 90_000);

  it('neither doubles nor overlaps anything when a worker stands still for longer than its lease', async () => {
    const sleeper = await stage().runnerOf('tick-allow-1');
    sleeper.signal('SIGSTOP');
    const stoppedAt = Date.now();
    try {
      await stage().untilStarted('tick-allow-1', stoppedAt + STOPPED_MS, STOPPED_MS + 10_000);
      await stage().untilStarted('tick-allow-2', stoppedAt + STOPPED_MS, STOPPED_MS + 10_000);
    } finally {
      sleeper.signal('SIGCONT');
    }
    await until('it is ready again', () => sleeper.isReady(), 20_000);
    await stage().untilAllTick(Date.now());
    expect(await stage().discrepancies(Date.now())).toEqual([]);
  }, 90_000);

  it('leaves in order when it is told to before etcd has answered it', async () => {
    const { cluster } = stage();
    const { server } = cluster.lab;
    const worker = cluster.workers[2]!;
    await worker.kill();
    await server.pause();
    try {
      await worker.start();
      worker.signal('SIGTERM');
      expect(await worker.exit()).toBe(0);
    } finally {
      server.resume();
    }
    await cluster.startAll();
    await stage().untilAllTick(Date.now());
    expect(await stage().discrepancies(Date.now())).toEqual([]);
  }, 90_000);

  it('goes on by itself when etcd has stood still, with every fire accounted for', async () => {
    const { cluster } = stage();
    const { server } = cluster.lab;
    await server.pause();
    const pausedAt = Date.now();
    await until('etcd has stood still for long enough', () => Date.now() > pausedAt + ETCD_STOPPED_MS);
    server.resume();
    const resumedAt = Date.now();
    await stage().untilAllTick(resumedAt);
    stage().figures.push(`etcd stopped for ${ETCD_STOPPED_MS} ms: all jobs tick ${Date.now() - resumedAt} ms after`);
    expect(await stage().discrepancies(Date.now())).toEqual([]);
  }, 60_000);
}

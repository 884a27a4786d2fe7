import { expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { memoryMib } from '../support/processes.js';
import { until, untilTime } from '../support/until.js';
import { IS_LONG, secondAfter, span } from './span.js';
import { account } from './verdict.js';

/** Lets a standstill of so many seconds outlive the ownership of the runs (`lostAfterSeconds`, 60). */
const BEYOND_OWNERSHIP_S = 90;
const LASTING = 'lasting';
/** Of the fires of jobs that may not overlap, a few wait for a run that a busy machine holds up. */
const ON_TIME = 0.98;
/** What the fleet itself calls late. */
const LATE_MS = 2_000;
/** What waits for history is on disk. */
const MOST_GROWTH_MIB = 64;

/** Processes that stand still, and stores that are away. */
export function standstills(stage: () => Stage): void {
  // Longer than a session; and, in the long form, longer than ownership.
  for (const seconds of IS_LONG ? [5, 15, BEYOND_OWNERSHIP_S] : [15]) {
    it(`claims nothing by an old session and overlaps nothing when a worker stands still for ${seconds} s`, async () => {
      const outlivesOwnership = seconds === BEYOND_OWNERSHIP_S;
      // Its run would still be there when others begin, if nobody ended it.
      if (outlivesOwnership) await putLasting(stage(), 2_000 * seconds);
      const sleeper = outlivesOwnership ? await stage().runnerOf(LASTING) : stage().cluster.workers[1]!;
      const from = secondAfter(Date.now());
      sleeper.signal('SIGSTOP');
      await untilTime(from + seconds * 1000);
      sleeper.signal('SIGCONT');
      await until('it is ready again', () => sleeper.isReady(), 60_000);
      if (outlivesOwnership) await endLasting(stage());
      await stage().untilAllTick(secondAfter(Date.now()), 90_000);
      await account(stage(), `SIGSTOP of a worker for ${seconds} s`, [from, Date.now() - 5_000]);
    }, 300_000);
  }

  it('goes on by itself when etcd has stood still for longer than a session lives', async () => {
    const { server } = stage().cluster.lab;
    const from = secondAfter(Date.now());
    await server.pause();
    await untilTime(from + 15_000);
    server.resume();
    const backAt = Date.now();
    await stage().untilAllTick(secondAfter(backAt), 60_000);
    const healedMs = Date.now() - backAt;
    await account(stage(), `SIGSTOP of etcd for 15 s, all jobs tick ${healedMs} ms after`, [from, Date.now() - 5_000]);
  }, 180_000);

  it('goes on by itself when etcd was killed and is back ten seconds later', async () => {
    const { server } = stage().cluster.lab;
    const from = secondAfter(Date.now());
    await server.kill();
    await untilTime(from + 10_000);
    await server.start();
    const backAt = Date.now();
    await stage().untilAllTick(secondAfter(backAt), 60_000);
    const healedMs = Date.now() - backAt;
    await account(stage(), `etcd killed for 10 s, all jobs tick ${healedMs} ms after`, [from, Date.now() - 5_000]);
  }, 180_000);

  it('fires on time while history is away, and loses and doubles nothing of it', async () => {
    const { historyWay, workers } = stage().cluster;
    const awayMs = span(120_000, 30_000);
    const held = (): number[] => workers.map(({ pid }) => memoryMib(pid));
    const before = held();
    const from = secondAfter(Date.now());
    historyWay.isRefusing = true;
    historyWay.cut();
    await untilTime(from + awayMs);
    expect(shareStarted(stage(), from, from + awayMs - 2_000)).toBeGreaterThan(ON_TIME);
    const grownMib = Math.max(...held().map((after, index) => after - before[index]!));
    historyWay.isRefusing = false;
    const scene = `history away for ${awayMs / 1000} s, workers grew by ${grownMib.toFixed(1)} MiB at most`;
    const { p99Ms } = await account(stage(), scene, [from, from + awayMs]);
    expect(p99Ms).toBeLessThan(LATE_MS);
    expect(grownMib).toBeLessThan(MOST_GROWTH_MIB);
  }, 300_000);

  it('goes on without any master for a minute', async () => {
    const { cluster } = stage();
    const awayMs = span(60_000, 20_000);
    const from = secondAfter(Date.now());
    await Promise.all(cluster.masters.map((master) => master.kill()));
    await untilTime(from + awayMs);
    await cluster.startAll();
    expect(shareStarted(stage(), from, from + awayMs - 2_000)).toBeGreaterThan(ON_TIME);
    await account(stage(), `no master for ${awayMs / 1000} s`, [from, from + awayMs]);
  }, 240_000);
}

/** A job whose run goes on for so long. */
async function putLasting(stage: Stage, lastsMs: number): Promise<void> {
  const from = Date.now();
  await stage.putTelling(LASTING, 'forbid', String(lastsMs));
  await stage.untilStarted(LASTING, from);
}

/** Deletes it and ends its run, which another worker had begun anew. */
async function endLasting(stage: Stage): Promise<void> {
  const api = stage.cluster.api();
  const starts = stage.truth().starts.filter(({ jobName }) => jobName === LASTING);
  expect(starts.map(({ how }) => how)).toEqual(['killed', 'killed']);
  await stage.remove(LASTING);
  for (const { id } of await api.runs({ job: LASTING, status: 'running' })) await api.post(`/runs/${id}/kill`);
}

/** Of the fires of a stretch, the share that has started. */
function shareStarted(stage: Stage, from: number, to: number): number {
  return stage.lateness(stage.ticking, from, to).length / ((stage.ticking.length * (to - from)) / 1000);
}

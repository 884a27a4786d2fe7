import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TruthFile } from '../accounting/truth-file.js';
import { putJobs } from '../bench/many-jobs/fleet.js';
import { MachineStalls, standstillOf } from '../bench/many-jobs/vitals.js';
import { Cluster } from '../support/cluster.js';
import { hasEtcd } from '../support/etcd-server.js';
import { startMongoServer } from '../support/mongo-server.js';
import { until, untilTime } from '../support/until.js';
import { secondAfter } from './span.js';
import { buildTell } from './tell.js';

const JOBS = 10_000;
/** Jobs are put and known to the workers before they are due. */
const AHEAD_MS = 20_000;
/** A worker's own work never keeps its timers waiting for 200 ms; it tells to within 50 for how long it had no processor. */
const MOST_BLOCKED_MS = 150;
/** However slow a machine is, some start within so long. */
const PATIENCE_MS = 60_000;

const mongo = hasEtcd() ? await startMongoServer() : undefined;

describe.runIf(mongo !== undefined)('ten thousand jobs due at one second', () => {
  const machine = new MachineStalls();
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start(mongo!, { home: '.cache/faults' });
  }, 300_000);

  afterAll(async () => {
    await cluster?.stop();
    await mongo?.stop();
    await machine.close();
  }, 60_000);

  it('are claimed and started, each once, and each has its record', async () => {
    const truth = new TruthFile(cluster.file('truth'), () => true);
    const command = `exec ${buildTell()} ${cluster.file('truth')} 0`;
    const due = secondAfter(Date.now()) + AHEAD_MS;
    const at = new Date(due);
    const clock = [at.getUTCSeconds(), at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1];
    const names = Array.from({ length: JOBS }, (_, index) => `crowd-${String(index).padStart(5, '0')}`);
    const jobs = names.map((name) => {
      const value = JSON.stringify({ name, command, cronExpr: `${clock.join(' ')} *` });
      return { name, value, isValid: true };
    });
    await putJobs(cluster.etcd, jobs);
    expect(Date.now()).toBeLessThan(due - AHEAD_MS / 2);

    await untilTime(due - 2_000);
    await machine.longestMs();
    for (let started = 0; started < JOBS; ) {
      const more = (): number | false => truth.read().starts.length > started && truth.read().starts.length;
      started = await until(`more than ${started} of ${JOBS} have started`, more, PATIENCE_MS);
      await delay(100);
    }
    const lateMs = Math.max(...truth.read().starts.map(({ startedAt }) => startedAt - due));
    const machineMs = await machine.longestMs();
    const stalls = await Promise.all(cluster.workers.map(standstillOf));
    const runs = await until(
      'each is recorded to its end',
      async () => {
        const found = await cluster.api().runs({});
        return found.length >= JOBS && found.every(({ endTime }) => endTime !== undefined) && found;
      },
      3 * PATIENCE_MS,
    );
    console.error(
      `  the last of ${JOBS} started ${lateMs} ms late; a thread that does nothing stalled for ${machineMs} ms, workers for ` +
        stalls.map(({ loopStallMs, loopWaitMs }) => `${loopStallMs} (${loopWaitMs} without a processor)`).join(', '),
    );
    for (const { loopStallMs, loopWaitMs } of stalls) {
      expect(loopStallMs, 'a standstill of a worker was noticed at all').toBeGreaterThan(0);
      expect(loopStallMs - loopWaitMs).toBeLessThan(MOST_BLOCKED_MS);
    }

    const { starts } = truth.read();
    expect(starts.map(({ jobName }) => jobName).sort()).toEqual(names);
    expect(new Set(starts.map(({ scheduledTime }) => scheduledTime))).toEqual(new Set([due]));
    expect(runs.filter(({ status }) => status !== 'succeeded')).toEqual([]);
    expect(runs.map(({ id }) => id).sort()).toEqual(starts.map(({ runId }) => runId).sort());
    await until('nothing is left in etcd', async () => {
      return Object.values(await cluster.underway()).every((count) => count === 0);
    });
  }, 600_000);
});

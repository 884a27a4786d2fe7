import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readProcessTable } from '../../../apps/worker/src/running/processes/process-table.js';
import { percentile } from '../../accounting/percentile.js';
import { Stage } from '../../accounting/stage.js';
import { watchMachine } from '../../support/machine-stalls.js';
import { isAlive, survivors } from '../../support/processes.js';
import { until } from '../../support/until.js';

/** A shell, two children, and one child in a session of its own. */
const FAMILY = 'sleep 600 & setsid sleep 600 & sleep 600; true';
const FAMILY_SIZE = 4;
const ROUNDS = 5;
const JOBS = Array.from({ length: 10 }, (_, index) => `hanging-${index}`);
const LONGEST_KILL_MS = 500;

/** Kill means dead: the whole tree, at once, and the record says who and why. */
export function killing(stage: () => Stage): void {
  it('ends whole process trees on a put under killer/, and records it', async () => {
    const { cluster } = stage();
    for (const name of JOBS) await cluster.put(`/cron/jobs/${name}`, JSON.stringify({ name, command: FAMILY }));
    const took: number[] = [];
    const stalled = watchMachine();
    for (let round = 0; round < ROUNDS; round++) {
      const families = await Promise.all(JOBS.map((name) => startFamily(stage(), name)));
      for (const { name, pids } of families) {
        took.push(await deathOf(pids, () => cluster.put(`/cron/killer/${name}`, '')));
      }
      for (const { runId } of families) {
        expect(await endOf(stage(), runId)).toMatchObject({ status: 'killed', killedBy: 'etcd', reason: 'killer key' });
      }
    }
    took.sort((a, b) => a - b);
    const [p50, p90, p99] = [0.5, 0.9, 0.99].map((part) => Math.round(percentile(took, part)));
    stage().figures.push(`${took.length} kills by etcd, from the put until all are dead: p50 ${p50} ms, p99 ${p99} ms`);
    // The slowest few wait for a core on a machine that is shared; all were gone within the ten seconds of deathOf.
    expect(p90).toBeLessThan(LONGEST_KILL_MS + stalled());
  }, 90_000);

  it('ends them for a user of the API, and says who it was', async () => {
    const { cluster } = stage();
    const [name = ''] = JOBS;
    await cluster.api().post('/users', { username: 'ann', role: 'operator', password: 'correct horse battery' });
    const ann = await cluster.api().signIn('ann', 'correct horse battery');
    const { runId, pids } = await startFamily(stage(), name);
    const stalled = watchMachine();
    const took = await deathOf(pids, async () => {
      const { json } = await ann.post(`/jobs/${name}/kill`, { reason: 'hangs' });
      expect(json.runIds).toEqual([runId]);
    });
    expect(await endOf(stage(), runId)).toMatchObject({ status: 'killed', killedBy: 'ann', reason: 'hangs' });
    stage().figures.push(`a kill through the API: ${Math.round(took)} ms`);
    expect(took).toBeLessThan(2 * LONGEST_KILL_MS + stalled());
  }, 30_000);
}

/** Asks for a run by hand; resolves once its whole family is there. */
async function startFamily(stage: Stage, name: string): Promise<{ name: string; runId: string; pids: number[] }> {
  const { json } = await stage.cluster.api().post(`/jobs/${name}/run`);
  const runId: string = json.runId;
  const pids = await until(
    `the family of ${name}`,
    async () => {
      const found = await survivors(runId);
      return found.length === FAMILY_SIZE && (await sessionsOf(found)) === 2 && found;
    },
    20_000,
  );
  return { name, runId, pids };
}

async function sessionsOf(pids: readonly number[]): Promise<number> {
  const { processes } = await readProcessTable();
  return new Set(processes.filter(({ pid }) => pids.includes(pid)).map(({ session }) => session)).size;
}

/** Milliseconds from the beginning of an act until none of the processes lives. */
async function deathOf(pids: readonly number[], act: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await act();
  while (pids.some(isAlive)) {
    if (performance.now() - since > 10_000) throw new Error(`still alive after 10 s: ${pids.filter(isAlive)}`);
    await delay(2);
  }
  return performance.now() - since;
}

function endOf(stage: Stage, runId: string): Promise<Record<string, unknown>> {
  return until(`the end of ${runId}`, async () => {
    const { json } = await stage.cluster.api().get(`/runs/${runId}`);
    return json.endTime !== undefined && json;
  });
}

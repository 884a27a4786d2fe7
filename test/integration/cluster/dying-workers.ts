import { expect, it } from 'vitest';
import { readProcessTable } from '../../../apps/worker/src/running/processes/process-table.js';
import { Stage } from '../../accounting/stage.js';
import { Program } from '../../support/cluster/program.js';
import { watchMachine } from '../../support/machine-stalls.js';
import { survivors } from '../../support/processes.js';
import { until } from '../../support/until.js';

const LEASE_MS = 10_000;
/** etcd looks for expired leases twice a second, and lets them live a little after an election. */
const LEASE_SLACK_MS = 3000;
const TAKEOVER_MS = 3000;
const GONE_MS = 2000;

/** Hangs with its children the first time, and is done at once from then on. */
const hangsOnce = (marker: string): string =>
  `[ -e ${marker} ] || { touch ${marker}; sleep 600 & setsid sleep 600 & sleep 600; }`;

/** Any worker may die at any moment. */
export function dyingWorkers(stage: () => Stage): void {
  it('hears the last words of a worker that was killed: its runs are lost, their children gone, others go on', async () => {
    const { cluster } = stage();
    const name = 'hangs-once';
    expect(await cluster.keysBelow('/cron/workers/')).toEqual(['worker-1', 'worker-2', 'worker-3']);
    await stage().putTelling(name, 'forbid', hangsOnce(cluster.file(`${name}-marker`)));
    const run = await until('it hangs', async () => {
      const [live] = await cluster.api().runsOf(name);
      return live?.status === 'running' && (await survivors(live.id)).length === 4 && live;
    });
    const victim = workerNamed(stage(), run.worker);

    const stalled = watchMachine();
    const killedAt = Date.now();
    await victim.kill();
    await until('no child is left', async () => (await survivors(run.id)).length === 0, GONE_MS);
    const goneMs = Date.now() - killedAt;
    await until('its session is over', async () => !(await isPresent(stage(), victim)), LEASE_MS + LEASE_SLACK_MS);
    const sessionMs = Date.now() - killedAt;
    const record = await until('its run is recorded', async () => {
      const { json } = await cluster.api().get(`/runs/${run.id}`);
      return json.endTime !== undefined && json;
    });
    const recordedMs = Date.now() - killedAt;
    expect(record).toMatchObject({ status: 'lost', reason: 'workerDied' });
    await stage().untilStarted(name, killedAt);

    const takeoverMs = await takeover(stage(), killedAt, Date.now());
    stage().figures.push(
      `kill -9 of a worker: children gone after ${goneMs} ms, session ended after ${sessionMs} ms, ` +
        `its run recorded lost after ${recordedMs} ms, the others' fires at most ${takeoverMs} ms late`,
    );
    expect(takeoverMs).toBeLessThan(TAKEOVER_MS + stalled());
    await stage().remove(name);
    await cluster.startAll();
    expect(await stage().discrepancies(Date.now())).toEqual([]);
  }, 90_000);

  it('takes over from a worker that is gone with its supervisor, and learns from its journal when it is back', async () => {
    const { cluster } = stage();
    const victim = await stage().runnerOf('tick-allow-1');
    const supervisors = (await readProcessTable()).processes.filter(({ parent }) => parent === victim.pid);
    const stalled = watchMachine();
    const killedAt = Date.now();
    for (const { pid } of supervisors) process.kill(pid, 'SIGSTOP');
    await victim.kill();
    for (const { pid } of supervisors) process.kill(pid, 'SIGKILL');
    await until('its lease has run out', async () => !(await isPresent(stage(), victim)), LEASE_MS + LEASE_SLACK_MS);
    const leaseMs = Date.now() - killedAt;
    const leaseOverAt = Date.now();
    for (const name of ['tick-allow-1', 'tick-allow-2']) await stage().untilStarted(name, leaseOverAt + 1000);

    const takeoverMs = await takeover(stage(), killedAt, Date.now());
    stage().figures.push(
      `kill -9 of a worker and its supervisor: lease over after ${leaseMs} ms, fires at most ${takeoverMs} ms late`,
    );
    expect(takeoverMs).toBeLessThan(TAKEOVER_MS + stalled());
    await cluster.startAll();
    await until('it is first for its job again', async () => (await stage().runnerOf('tick-allow-1')) === victim);
    await stage().untilAllTick(Date.now());
    expect(await stage().discrepancies(Date.now())).toEqual([]);
  }, 90_000);
}

function workerNamed(stage: Stage, name: string | undefined): Program {
  const found = stage.cluster.workers.find((worker) => worker.name === name);
  if (!found) throw new Error(`no worker is named ${name}`);
  return found;
}

async function isPresent(stage: Stage, worker: Program): Promise<boolean> {
  return (await stage.cluster.etcd.get(`/cron/workers/${worker.name}`).string()) !== null;
}

/** How late the latest fire of the jobs without a lock began in a span. */
async function takeover(stage: Stage, from: number, to: number): Promise<number> {
  return stage.lateness(['tick-allow-1', 'tick-allow-2'], from, to).at(-1) ?? Number.NaN;
}

import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { Program } from '../support/cluster/program.js';
import { memoryMib } from '../support/processes.js';
import { until, untilTime } from '../support/until.js';
import { runningUnder } from './crew.js';
import { secondAfter, span } from './span.js';

const OUTAGE_MS = 30_000;
const LOUD_BYTES = 2 * 1024 ** 3;
const MOST_GROWTH_MIB = 100;

/** What lasts longer than a fault, and what says more than a machine can hold. */
export function longAndLoud(stage: () => Stage): void {
  it('lets a long run that may not overlap live through an outage of etcd', async () => {
    const { cluster } = stage();
    const name = 'long-clearing';
    const lastsMs = span(300_000, 50_000);
    await stage().putOther(name, String(lastsMs));
    const { json } = await cluster.api().post(`/jobs/${name}/run`);
    const startedAt = await until('it has started', () => startOf(stage(), json.runId)?.startedAt, 20_000);
    await cluster.lab.server.kill();
    await untilTime(startedAt + OUTAGE_MS);
    await cluster.lab.server.start();
    const record = await until(
      'its record',
      async () => {
        const { status, json: run } = await cluster.api().get(`/runs/${json.runId}`);
        return status === 200 && run.endTime !== undefined && run;
      },
      lastsMs + 60_000,
    );
    expect(record).toMatchObject({ status: 'succeeded', attempt: 1 });
    expect(startOf(stage(), json.runId)).toMatchObject({ how: 'byItself' });
    expect((await cluster.api().runsOf(name)).map(({ id }) => id)).toEqual([json.runId]);
    await stage().untilAllTick(secondAfter(Date.now()), 60_000);
    expect(await stage().discrepancies(secondAfter(Date.now()) - 5_000, 60_000)).toEqual([]);
  }, 600_000);

  it('runs a daily fire although the whole fleet was away when it was due', async () => {
    const { cluster } = stage();
    const name = 'daily-clearing';
    const due = secondAfter(Date.now()) + 10_000;
    const at = new Date(due);
    const cronExpr = `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
    await stage().putOther(name, '10', { cronExpr });
    await untilTime(due - 5_000);
    const fleet = [...cluster.masters, ...cluster.workers];
    for (const program of fleet) program.signal('SIGTERM');
    await Promise.all(fleet.map((program) => program.exit()));
    await untilTime(due + span(75_000, 10_000));
    await cluster.startAll();
    const [run] = await until(
      'its record',
      async () => {
        const runs = await cluster.api().runsOf(name);
        return runs.length > 0 && runs.every(({ endTime }) => endTime !== undefined) && runs;
      },
      60_000,
    );
    expect(run).toMatchObject({ status: 'succeeded', scheduledTime: due });
    expect(
      stage()
        .truth()
        .starts.filter(({ jobName }) => jobName === name),
    ).toHaveLength(1);
    await stage().untilAllTick(secondAfter(Date.now()), 60_000);
    expect(await stage().discrepancies(secondAfter(Date.now()) - 5_000, 60_000)).toEqual([]);
  }, 300_000);

  it('holds no more of two gigabytes of output than it keeps', async () => {
    const { cluster } = stage();
    const name = 'loud';
    const command = `sleep 3; head -c ${LOUD_BYTES} /dev/zero`;
    await cluster.put(`/cron/jobs/${name}`, JSON.stringify({ name, command, routing: { worker: 'worker-1' } }));
    const worker = cluster.workers[0]!;
    const { json } = await cluster.api().post(`/jobs/${name}/run`);
    await until('it has started', async () => (await runsUnder(worker)).includes(json.runId));
    const before = memoryMib(worker.pid);
    await forgetPeak(worker.pid);
    const record = await until(
      'its end',
      async () => {
        const { json: run } = await cluster.api().get(`/runs/${json.runId}`);
        return run?.endTime !== undefined && run;
      },
      120_000,
    );
    const grown = memoryMib(worker.pid, 'VmHWM') - before;
    stage().figures.push(`2 GiB of output: the worker grew by ${grown.toFixed(1)} MiB`);
    expect(record).toMatchObject({ status: 'succeeded', outputTruncated: true, outputBytes: LOUD_BYTES });
    expect(grown).toBeLessThan(MOST_GROWTH_MIB);
  }, 180_000);
}

function startOf(stage: Stage, runId: string) {
  return stage.truth().starts.find((start) => start.runId === runId);
}

async function runsUnder(worker: Program): Promise<string[]> {
  const pids = await runningUnder(worker);
  const ids = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
  return ids.flatMap((environment) => /FLEETCRON_RUN_ID=([^\0]*)/.exec(environment)?.[1] ?? []);
}

/** Lets the peak of a process begin anew (proc(5), clear_refs). */
async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

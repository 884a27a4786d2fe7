import { existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, it } from 'vitest';
import { readProcess } from '../../../apps/worker/src/running/processes/process-table.js';
import { percentile } from '../../accounting/percentile.js';
import { Stage } from '../../accounting/stage.js';
import { until } from '../../support/until.js';

const NAME = 'from-etcd';
const FIRES = 15;

/** A job put by any etcd client is a job. */
export function scheduling(stage: () => Stage): void {
  it('runs a job that a foreign client put, once a second on one worker, with one record each', async () => {
    const { cluster } = stage();
    const file = cluster.file(NAME);
    // The parent of the shell is the supervisor of the worker that runs it.
    const command = `sleep 0.2; hostname; echo "$FLEETCRON_SCHEDULED_TIME $PPID" >>${file}`;
    await cluster.put(`/cron/jobs/${NAME}`, JSON.stringify({ name: NAME, command, cronExpr: '* * * * * *' }));
    const first = Math.ceil(Date.now() / 1000) * 1000 + 1000;
    const fires = Array.from({ length: FIRES }, (_, index) => first + index * 1000);
    const end = first + FIRES * 1000;

    const lockedFor = new Set<number>();
    await until(
      'the last fire is over',
      async () => {
        const holder = await cluster.etcd.get(`/cron/lock/${NAME}`).json();
        if (holder) lockedFor.add(Math.floor(Date.now() / 1000));
        return Date.now() > end + 1000;
      },
      FIRES * 1000 + 10_000,
    );

    const lines = linesOf(file).filter(({ at }) => at >= first && at < end);
    expect(lines.map(({ at }) => at)).toEqual(fires);
    expect(lockedFor.size).toBeGreaterThanOrEqual(FIRES);

    const records = await until('every fire has its record', async () => {
      const runs = await cluster.api().runsOf(NAME);
      const mine = runs.filter(({ scheduledTime: at }) => at >= first && at < end);
      return mine.length >= FIRES && mine.every(({ status }) => status === 'succeeded') && mine;
    });
    const ascending = records.sort((a, b) => a.scheduledTime - b.scheduledTime);
    expect(ascending.map(({ scheduledTime }) => scheduledTime)).toEqual(fires);
    const ranOn = lines.map(
      ({ parent }) => cluster.workers.find(({ pid }) => readProcess(parent)?.parent === pid)?.name,
    );
    expect(ascending.map(({ worker }) => worker)).toEqual(ranOn);

    const late = stage().lateness(stage().ticking, first, end);
    stage().figures.push(
      `lateness of ${late.length} fires while all was well: p50 ${percentile(late, 0.5)} ms, p99 ${percentile(late, 0.99)} ms`,
    );
  }, 60_000);

  it('lets its programs go before the commands, where the system allows that', async () => {
    const { cluster } = stage();
    const file = cluster.file('precedence');
    const command = `cut -d ' ' -f 19 /proc/self/stat >${file}.new && mv ${file}.new ${file}`;
    await cluster.put('/cron/jobs/precedence', JSON.stringify({ name: 'precedence', command }));
    await cluster.api().post('/jobs/precedence/run');
    const ofCommand = await until('the command told its own', () => existsSync(file) && readFileSync(file, 'utf8'));
    const usual = getPriority();
    expect(Number(ofCommand)).toBe(usual);
    const raised = usual === 0 && mayRaisePriority() ? -5 : usual;
    for (const { pid } of [...cluster.masters, ...cluster.workers]) expect(getPriority(pid)).toBe(raised);
  }, 30_000);

  it('writes nothing at error while all is well', () => {
    for (const program of [...stage().cluster.masters, ...stage().cluster.workers]) {
      expect(program.logged().filter(({ level }) => level >= 50)).toEqual([]);
    }
  });
}

function linesOf(file: string): { readonly at: number; readonly parent: number }[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [at = '', parent] = line.split(' ');
    return { at: Date.parse(at), parent: Number(parent) };
  });
}

/** Whether this process, and so those it starts, has CAP_SYS_NICE, by capabilities(7). */
function mayRaisePriority(): boolean {
  const effective = /^CapEff:\s+(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${effective}`) >> 23n) & 1n) === 1n;
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IS_LONG, random, SEED } from '../faults/span.js';
import { until } from '../support/until.js';
import { uncovered } from './coverage.js';
import { dataFolder, Standalone } from './standalone.js';

/** `FAULTS=long` kills it two hundred times under load. */
const KILLS = IS_LONG ? 200 : 6;
/** Jobs that tick every second beside `tick`. */
const LOAD = Array.from({ length: IS_LONG ? 40 : 0 }, (_, index) => `load-${index}`);
const MOST_MINUTES = IS_LONG ? 60 : 4;
/** Variable that marks every process of a run of this test. */
const MARK = `kill-nine-${process.pid}`;

describe('standalone, killed with SIGKILL at any moment and started again', () => {
  const folder = dataFolder();
  const truthFile = join(folder.path, 'truth');
  let standalone: Standalone;

  beforeAll(async () => {
    standalone = await Standalone.start({ folder: folder.path });
  });

  afterAll(async () => {
    await standalone?.end('SIGKILL');
    folder.remove();
  });

  it(
    `starts no fire twice, accounts for each and leaves no process behind, ${KILLS} times over`,
    async () => {
      const env = { E2E_MARK: MARK };
      // Each line is one write to the end of the file, whatever becomes of the one who writes.
      const telling = `echo "$FLEETCRON_JOB $FLEETCRON_SCHEDULED_TIME $FLEETCRON_ATTEMPT $FLEETCRON_RUN_ID" >>${truthFile}`;
      const born = new Map<string, number>();
      for (const name of ['tick', ...LOAD]) {
        const job = { name, command: `${telling}; sleep 0.4`, cronExpr: '* * * * * *', env };
        born.set(name, Date.parse((await standalone.ask('POST', '/jobs', job)).decidedUntil));
      }
      // A tree of processes that would go on for long, one of which has left the group.
      const lasting = { name: 'lasting', command: 'setsid sleep 300 & sleep 300', cronExpr: '@every 3s', env };
      await standalone.ask('POST', '/jobs', lasting);

      console.error(`  FAULTS_SEED=${SEED}`);
      for (let kill = 1; kill <= KILLS; kill++) {
        const began = Date.now();
        await until('the jobs tick', () => startsIn(truthFile).some(({ at }) => at >= began - 1000), 20_000);
        const moment = random.between(0, 2500);
        await sleep(moment);
        await standalone.end('SIGKILL');
        const since = performance.now();
        await until('no process of a run lives', () => marked().length === 0, 2000);
        console.error(
          `  killed ${moment} ms into it: nothing of it lived ${Math.round(performance.now() - since)} ms later`,
        );
        const to = Date.now();
        standalone = await Standalone.start({ folder: folder.path });
        expect(doubled(startsIn(truthFile))).toEqual([]);
        await isCovered('tick', { from: born.get('tick')!, to });
      }

      const to = Date.now();
      const starts = startsIn(truthFile);
      expect(doubled(starts)).toEqual([]);
      for (const [name, bornAt] of born) {
        await isCovered(name, { from: bornAt, to });
        const records = new Map((await standalone.runsOf(name)).map((run) => [run.id, run.status]));
        const lies = starts.filter(
          ({ jobName, runId }) => jobName === name && ['missed', 'skipped', undefined].includes(records.get(runId)),
        );
        expect(lies).toEqual([]);
      }
      const planned = [...born.values()].reduce((sum, at) => sum + Math.floor(to / 1000) - Math.floor(at / 1000), 0);
      console.error(`  ${starts.length} fires started, of ${planned}`);
    },
    MOST_MINUTES * 60_000,
  );

  /** Every second of the span is accounted for in the records of a job, at the latest in a while. */
  async function isCovered(name: string, span: { readonly from: number; readonly to: number }): Promise<void> {
    await expect
      .poll(async () => uncovered(await standalone.runsOf(name), 1000, span), { timeout: 30_000 })
      .toEqual([]);
  }
});

interface Start {
  readonly jobName: string;
  readonly scheduledTime: string;
  readonly at: number;
  readonly attempt: string;
  readonly runId: string;
}

/** Fires that were started more than once. */
function doubled(starts: readonly Start[]): string[] {
  const seen = new Set<string>();
  return starts
    .map(({ jobName, scheduledTime, attempt }) => `${jobName} ${scheduledTime} ${attempt}`)
    .filter((fire) => seen.size === seen.add(fire).size);
}

/** What happened, whatever the program says. */
function startsIn(file: string): Start[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [jobName = '', scheduledTime = '', attempt = '', runId = ''] = line.split(' ');
    return { jobName, scheduledTime, at: Date.parse(scheduledTime), attempt, runId };
  });
}

/** Living processes that carry the mark. */
function marked(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const isAlive = !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      return isAlive && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`E2E_MARK=${MARK}`);
    } catch {
      return false;
    }
  });
}

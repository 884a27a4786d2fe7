import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '@app/jobs';
import { SystemClock } from '@app/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../accounting/checker.js';
import { GroundTruth, type TrueStart } from '../accounting/ground-truth.js';
import { Timeline } from '../accounting/timeline.js';
import { TruthFile, tellingCommand } from '../accounting/truth-file.js';
import { Api } from '../support/cluster/api.js';
import { isAlive } from '../support/processes.js';
import { until } from '../support/until.js';
import { SmallDisk } from './small-disk.js';
import { type Answer, dataFolder, Standalone } from './standalone.js';

const DISK_MIB = 16;
/** Of jobs that fire each second: nothing starts any more. */
const STANDSTILL_MS = 3_000;
const HEALTH_MS = 8_000;
/** Whoever asks is answered by then, with good news or bad. */
const ANSWER_MS = 15_000;
const RECOVERY_MS = 30_000;
/** SQLite takes its log from the beginning again once it holds a thousand pages, and then needs no space for a while. */
const GROWN_LOG_BYTES = 1000 * 4096;
/** What whoever looks must read, in whatever words. */
const SAYS_THAT_IT_IS_FULL = /\b(disk|space|full|no writes|cannot be written|cannot write)\b/i;

/** Each fires every second; what becomes of a fire that could not be decided in time is its own affair. */
const JOBS = {
  'tick-latest': {},
  'tick-each': { misfirePolicy: 'runAll' },
  'tick-skip': { misfirePolicy: 'skip', startingDeadlineSeconds: 5 },
  'tick-allow': { concurrencyPolicy: 'allow' },
} as const;
const NAMES = Object.keys(JOBS);
const LATECOMER = { name: 'latecomer', command: 'true', cronExpr: '0 0 1 1 *' };

interface Warning {
  readonly severity: string;
  readonly message: string;
}

// A young store stands still with its disk. Once its log has its full size it has the space it needs for a while: then it
// goes on to decide, and what cannot be written is history and the journal of starts.
describe.each([
  ['young', 15_000],
  ['grown', 11_000],
])('standalone with a %s store, while its disk is full and afterwards', (age, fullMs) => {
  const isGrown = age === 'grown';
  // What really happened is told elsewhere.
  const outside = dataFolder();
  const truthFile = join(outside.path, 'truth');
  const truth = new TruthFile(truthFile, (name) => name !== 'tick-allow');
  const timelines: Timeline[] = [];
  const figures: string[] = [];
  let disk: SmallDisk | undefined;
  let standalone: Standalone;
  let fullAt: number;
  let freeAt: number;

  const startsOf = (name: string): TrueStart[] => truth.read().starts.filter(({ jobName }) => jobName === name);
  const lastStart = (): number => Math.max(...truth.read().starts.map(({ startedAt }) => startedAt));
  const allTick = (since: number): boolean =>
    NAMES.every((name) => startsOf(name).some(({ scheduledTime }) => scheduledTime >= since));

  /** Waits with a disk that stays full, whatever the program gives back meanwhile. */
  const untilFull = <T>(what: string, ask: () => T | undefined | Promise<T | undefined>, withinMs: number) =>
    until(
      what,
      () => {
        disk?.fill();
        return ask();
      },
      withinMs,
    );

  beforeAll(async () => {
    disk = SmallDisk.mount(DISK_MIB);
    standalone = await Standalone.start({ folder: disk.path });
    if (isGrown) await growLog(standalone, join(disk.path, 'coordination.sqlite-wal'));
    for (const [name, policies] of Object.entries(JOBS)) {
      const timeline = new Timeline(name, name === 'tick-skip' ? 5_000 : 60_000);
      timelines.push(timeline);
      timeline.changing(Date.now());
      const command = tellingCommand(truthFile, 'sleep 0.05');
      await standalone.ask('POST', '/jobs', { name, command, cronExpr: '* * * * * *', ...policies });
      timeline.changed(1000, Date.now());
    }
    const since = Date.now();
    await until('the jobs tick', () => allTick(since), 20_000);
  });

  afterAll(async () => {
    console.error([age, ...figures].map((figure) => `  ${figure}`).join('\n'));
    try {
      await standalone?.end('SIGKILL');
    } finally {
      disk?.unmount();
      outside.remove();
    }
  });

  it('lives on when the last page is taken, and starts nothing that it could not write down', async () => {
    fullAt = Date.now();
    await untilFull('nothing starts any more', () => Date.now() - lastStart() > STANDSTILL_MS || undefined, 30_000);
    figures.push(`the last start came ${lastStart() - fullAt} ms after the disk was full`);
    expect((await fetch(`${standalone.url}/livez`)).status).toBe(200);
  });

  it('says in a sentence, to whoever looks at its health, that it cannot write', async () => {
    let warnings: Warning[] = [];
    await untilFull(
      'its health says so',
      async () => {
        ({ warnings } = await standalone.ask('GET', '/cluster'));
        return warnings.some(({ message }) => SAYS_THAT_IT_IS_FULL.test(message)) || undefined;
      },
      HEALTH_MS,
    ).catch(() => undefined);
    const ready = await fetch(`${standalone.url}/readyz`);
    figures.push(`readyz answered ${ready.status} ${await ready.text()}`);
    figures.push(`its health said ${JSON.stringify(warnings.map(({ message }) => message))}`);
    const finding = { severity: 'error', message: expect.stringMatching(SAYS_THAT_IT_IS_FULL) };
    expect(warnings).toContainEqual(expect.objectContaining(finding));
  });

  // A grown store takes the job: its log has the space.
  if (!isGrown) {
    it('refuses a new job with a sentence, lets nobody wait, and can still be read', async () => {
      disk?.fill();
      const asked = performance.now();
      const { status, json } = await soon('POST /jobs', standalone.call('POST', '/jobs', LATECOMER));
      figures.push(
        `POST answered ${status} within ${Math.round(performance.now() - asked)} ms: ${JSON.stringify(json)}`,
      );
      expect(status).toBe(503);
      expect(json).toMatchObject({ code: 'store_unavailable', detail: expect.stringMatching(SAYS_THAT_IT_IS_FULL) });
      expect((await soon('GET', standalone.call('GET', `/jobs/${LATECOMER.name}`))).status).toBe(404);
      expect((await soon('GET', standalone.call('GET', '/jobs/tick-latest'))).status).toBe(200);
      expect((await soon('GET', standalone.call('GET', '/runs?job=tick-latest'))).status).toBe(200);
    });
  }

  it('works again by itself once there is space', async () => {
    await untilFull('it was full for long enough', () => Date.now() - fullAt >= fullMs || undefined, fullMs);
    expect(isAlive(standalone.pid)).toBe(true);
    const last = lastStart();
    disk?.free();
    freeAt = Date.now();
    await until('the jobs tick again', () => allTick(freeAt), RECOVERY_MS);
    figures.push(`full for ${freeAt - fullAt} ms, without a start for ${freeAt - last} ms`);
    figures.push(`all ticked again ${Date.now() - freeAt} ms after there was space`);
    expect((await soon('POST /jobs', standalone.call('POST', '/jobs', LATECOMER))).status).toBe(201);
    await until(
      'its health speaks of no disk any more',
      async () => {
        const { warnings } = await standalone.ask('GET', '/cluster');
        return !warnings.some(({ message }: Warning) => SAYS_THAT_IT_IS_FULL.test(message));
      },
      RECOVERY_MS,
    );
  });

  it('accounts for every fire: none twice, none missed in silence, no record that lies', async () => {
    const end = Date.now();
    await until('what was due by then is over', () => allTick(end + 1000), RECOVERY_MS);
    const api = new Api(standalone.url, { Authorization: `Bearer ${standalone.token}` });
    let records: readonly Run[] = [];
    const compare = async (): Promise<string[]> => {
      const all = (await Promise.all(NAMES.map((name) => api.runsOf(name)))).flat();
      records = all.filter(({ scheduledTime }) => scheduledTime < end);
      const happened = new GroundTruth(new SystemClock());
      happened.starts.push(...truth.read().starts.filter(({ scheduledTime }) => scheduledTime < end));
      return check(timelines, happened, new Map(records.map((run) => [run.id, run])), end);
    };
    await expect.poll(compare, { timeout: 20_000, interval: 500 }).toEqual([]);
    for (const name of NAMES) {
      const ofGap = records.filter(
        ({ jobName, scheduledTime: from, untilTime: to = from }) => jobName === name && to >= fullAt && from < freeAt,
      );
      figures.push(`${name} in the gap: ${JSON.stringify(tally(ofGap))}`);
    }
    if (isGrown) return;
    // One that wants each of its fires has had them, however late; the newest may have met a run that was caught up.
    const caughtUp = startsOf('tick-each').filter(({ scheduledTime: at }) => at >= fullAt && at < freeAt);
    expect(caughtUp.length).toBeGreaterThanOrEqual(Math.floor(fullMs / 1000) - 3);
  });
});

/** Edits a job until the store's log has the size at which it stays. */
async function growLog(standalone: Standalone, log: string): Promise<void> {
  let edits = 0;
  await until(
    'the log of the store has grown',
    async () => {
      const command = `true ${'x'.repeat(6000)} ${edits++}`;
      await standalone.ask('PUT', '/jobs/often-edited', { name: 'often-edited', command, cronExpr: '0 0 1 1 *' });
      return statSync(log).size >= GROWN_LOG_BYTES;
    },
    60_000,
  );
}

/** How many fires ended how. */
function tally(runs: readonly Run[]): Record<string, number> {
  const fires: Record<string, number> = {};
  for (const { status, reason, count } of runs) {
    const how = reason === undefined ? status : `${status} (${reason})`;
    fires[how] = (fires[how] ?? 0) + count;
  }
  return fires;
}

/** What a call answers; rejects where nobody does in time. */
function soon(what: string, answer: Promise<Answer>): Promise<Answer> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`${what} was not answered within ${ANSWER_MS} ms`)), ANSWER_MS).unref();
  });
  return Promise.race([answer, late]);
}

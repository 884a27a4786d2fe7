import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LastWords, Testimony } from '@app/jobs';
import { silentLog } from '@app/platform';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildProgram } from '../../../../test/support/build-program.js';
import { buildSupervisor } from '../../../../test/support/build-supervisor.js';
import type { FakeWorkerPlan } from '../../../../test/support/fake-worker.js';
import { watchMachine } from '../../../../test/support/machine-stalls.js';
import { isAlive, memoryMib, survivors } from '../../../../test/support/processes.js';
import { until } from '../../../../test/support/until.js';
import { recover } from './recover.js';

interface WorkerEvent {
  readonly t: string;
  readonly runId?: string;
  readonly pid?: number;
  readonly supervisor?: number;
  readonly killedFor?: string;
}

let supervisorProgram: string;
let workerProgram: string;
let dataFolder: string;
let spoken: string;
let worker: ChildProcess;
let events: WorkerEvent[];

beforeAll(async () => {
  supervisorProgram = await buildSupervisor();
  workerProgram = (await buildProgram('test/support/fake-worker.ts')).path;
});

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'fleetcron-lifeline-'));
  spoken = join(dataFolder, 'spoken');
  events = [];
});

afterEach(async () => {
  worker.kill('SIGKILL');
  await until('the supervisor to end', () => !isAlive(supervisorPid()));
  await rm(dataFolder, { recursive: true });
});

/** Starts a fake worker; its last words go to the file `spoken`. */
async function startWorker(plan: Pick<FakeWorkerPlan, 'orders' | 'deadlineInMs'>): Promise<void> {
  const lastWords = ['/bin/sh', '-c', `cat > ${spoken}.part && mv ${spoken}.part ${spoken}`];
  const whole: FakeWorkerPlan = { dataFolder, supervisorProgram, lastWords, ...plan };
  worker = spawn(process.execPath, [workerProgram, JSON.stringify(whole)], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (worker.stdout) createInterface(worker.stdout).on('line', take);
  await until('the worker', () => events.some((event) => event.t === 'open'));
}

/** A worker that is killed may leave half a line. */
function take(line: string): void {
  if (line.endsWith('}')) events.push(JSON.parse(line));
}

function supervisorPid(): number {
  return events.find((event) => event.t === 'open')?.supervisor ?? Number.NaN;
}

function order(runId: string, script: string, changes: object = {}): FakeWorkerPlan['orders'][number] {
  return { script, changes: { runId, ...changes } };
}

function hasOutput(runId: string): boolean {
  return events.some((event) => event.t === 'output' && event.runId === runId);
}

async function lastWords(): Promise<LastWords> {
  return JSON.parse(await until('last words', () => readFile(spoken, 'utf8').catch(() => undefined)));
}

function about(runs: readonly Testimony[], runId: string): Testimony | undefined {
  return runs.find((run) => run.runId === runId);
}

const STUBBORN = 'trap "" TERM; echo ready; while :; do sleep 1; done';
const ESCAPED = '(setsid sh -c "(sleep 60 &) ; echo ready; sleep 60" &) ; sleep 60';

describe('when a worker is killed by SIGKILL', () => {
  it('nothing of its runs is left, and last words are spoken', async () => {
    await startWorker({ orders: [order('a', STUBBORN), order('b', ESCAPED), order('c', 'echo done; exit 3')] });
    await until('output', () => ['a', 'b'].every(hasOutput) && events.some((event) => event.t === 'ended'));
    worker.kill('SIGKILL');
    const words = await lastWords();
    expect(await survivors('a')).toEqual([]);
    expect(await survivors('b')).toEqual([]);
    expect(words).toMatchObject({ session: 'session-1', workerId: 'fake', proven: true });
    expect(about(words.runs, 'a')).toMatchObject({ state: 'killed', jobName: 'nasty', session: 'session-1' });
    expect(about(words.runs, 'a')?.end).toMatchObject({ signal: 'SIGKILL', outputTail: 'ready\n' });
    expect(about(words.runs, 'b')).toMatchObject({ state: 'killed' });
    expect(about(words.runs, 'c')).toMatchObject({ state: 'ended', end: { exitCode: 3, outputTail: 'done\n' } });
    await until('the supervisor to end', () => !isAlive(supervisorPid()));
  });

  it('all is gone within two seconds, however many run', async () => {
    const orders = Array.from({ length: 40 }, (_, index) => order(`many-${index}`, STUBBORN));
    await startWorker({ orders });
    await until('40 starts', () => orders.every((each) => hasOutput(each.changes?.runId ?? '')));
    const stalled = watchMachine();
    worker.kill('SIGKILL');
    const since = performance.now();
    const pids = events.flatMap((event) => (event.t === 'started' ? [event.pid ?? 0] : []));
    await until('all to be gone', () => !pids.some(isAlive));
    expect(performance.now() - since).toBeLessThan(2_000 + stalled());
    const words = await lastWords();
    expect(words.runs.map((run) => run.state)).toEqual(orders.map(() => 'killed'));
  });

  it('its orders that were not started yet never are', async () => {
    const file = join(dataFolder, 'ran');
    const orders = Array.from({ length: 300 }, (_, index) =>
      order(`burst-${index}`, `echo ${index} >> ${file}; sleep 60`),
    );
    await startWorker({ orders });
    await until('a start', () => events.some((event) => event.t === 'started'));
    worker.kill('SIGKILL');
    const words = await lastWords();
    const ran = new Set((await readFile(file, 'utf8')).trim().split('\n'));
    const denied = words.runs.filter((run) => run.state === 'neverStarted').map((run) => run.runId.slice(6));
    expect(denied.filter((index) => ran.has(index))).toEqual([]);
    for (const index of ran) expect(about(words.runs, `burst-${index}`)?.state).toBe('killed');
    expect(words.proven).toBe(true);
  });
});

describe('when a worker is stopped', () => {
  it('its lock-holding runs end at the deadline all the same', async () => {
    await startWorker({
      orders: [order('held', STUBBORN, { killGraceMs: 200 }), order('free', STUBBORN, { holdsLock: false })],
      deadlineInMs: 1_500,
    });
    await until('output', () => ['held', 'free'].every(hasOutput));
    worker.kill('SIGSTOP');
    await until('the lock holder to be gone', async () => (await survivors('held')).length === 0);
    expect((await survivors('free')).length).toBeGreaterThan(0);
    worker.kill('SIGCONT');
    const ended = await until('the report', () => events.find((event) => event.t === 'ended'));
    expect(ended).toMatchObject({ runId: 'held', killedFor: 'ownership' });
  });

  it('a job that prints without end costs the supervisor no more than what is kept of it', async () => {
    const limitMib = 64;
    const loud = order('loud', 'yes', { outputLimitBytes: limitMib * 2 ** 20 });
    await startWorker({ orders: [loud, order('calm', STUBBORN)] });
    await until('output', () => hasOutput('loud'));
    const rssBefore = memoryMib(supervisorPid());
    worker.kill('SIGSTOP');
    const before = await bytesRead(supervisorPid());
    await until('another gigabyte', async () => (await bytesRead(supervisorPid())) > before + 2 ** 30, 60_000);
    // Head and tail, whatever they needed to grow, and what the garbage collector has not come to yet.
    expect(memoryMib(supervisorPid()) - rssBefore).toBeLessThan(limitMib + 150);
    worker.kill('SIGKILL');
    await lastWords();
  }, 90_000);
});

describe('a worker that starts on the folder of a dead one', () => {
  it('waits for the last words, and then knows the same', async () => {
    await startWorker({ orders: [order('a', STUBBORN), order('c', 'exit 3')] });
    await until('the runs', () => hasOutput('a') && events.some((event) => event.t === 'ended'));
    worker.kill('SIGKILL');
    const recovered = await recover(dataFolder, silentLog);
    expect(isAlive(supervisorPid())).toBe(false);
    expect(await survivors('a')).toEqual([]);
    expect(recovered).toMatchObject({ proven: true, sessions: ['session-1'] });
    expect(about(recovered.runs, 'a')).toMatchObject({ state: 'killed' });
    expect(about(recovered.runs, 'c')).toMatchObject({ state: 'ended', end: { exitCode: 3 } });
    expect(await recover(dataFolder, silentLog)).toEqual(recovered);
  });

  it('kills what a worker and a supervisor that died together left, and only that', async () => {
    await startWorker({ orders: [order('a', STUBBORN), order('b', ESCAPED)] });
    await until('output', () => ['a', 'b'].every(hasOutput));
    const stranger = spawn('/bin/sleep', ['60'], { env: { FLEETCRON_RUN_ID: 'another' }, stdio: 'ignore' });
    worker.kill('SIGSTOP');
    process.kill(supervisorPid(), 'SIGKILL');
    worker.kill('SIGKILL');
    expect((await survivors('a')).length).toBeGreaterThan(0);
    const recovered = await recover(dataFolder, silentLog);
    expect([...(await survivors('a')), ...(await survivors('b'))]).toEqual([]);
    expect(recovered.proven).toBe(true);
    expect(recovered.runs.map((run) => run.state)).toEqual(['killed', 'killed']);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    stranger.kill('SIGKILL');
  });

  it('finds nothing where nothing was', async () => {
    await startWorker({ orders: [] });
    const empty = await mkdtemp(join(tmpdir(), 'fleetcron-empty-'));
    expect(await recover(empty, silentLog)).toEqual({ runs: [], sessions: [], proven: true });
    await rm(empty, { recursive: true });
  });

  it('concludes nothing from absence when the journal is damaged', async () => {
    await startWorker({ orders: [order('c', 'exit 3')] });
    await until('the end', () => events.some((event) => event.t === 'ended'));
    worker.kill('SIGKILL');
    await lastWords();
    const [name = ''] = await readdir(join(dataFolder, 'journal'));
    const path = join(dataFolder, 'journal', name);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"session-1"', '"session-2"'));
    expect((await recover(dataFolder, silentLog)).sessions).toEqual([]);
  });
});

async function bytesRead(pid: number): Promise<number> {
  return Number(/rchar: (\d+)/.exec(await readFile(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

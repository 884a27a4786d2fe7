// What a hundred thousand jobs cost on a cluster: the first fire after a start, memory, stalls, lists, edits under fires.
//
//   npm run bench many-jobs
//
// JOBS (100000; 1000000 has one worker and a limit on its memory alone), WORKERS (3), EDITS (10000), FIRES (200 a second),
// ROUNDS (100 of every page), SECONDS (20 of fires without edits), NODE_OPTIONS (of masters and workers too, for profiles).
// Needs etcd, a MongoDB (or Java and Maven), and cc.
import { setTimeout as delay } from 'node:timers/promises';
import { buildTell } from '../faults/tell.js';
import type { Program } from '../support/cluster/program.js';
import { Cluster } from '../support/cluster.js';
import { startMongoServer } from '../support/mongo-server.js';
import { until } from '../support/until.js';
import { countLostEdits, editJobs, editKeys } from './many-jobs/edits.js';
import { Fires, ToldFires } from './many-jobs/fires.js';
import { busyJobs, countCursors, putJobs, quietJobs, readEverything } from './many-jobs/fleet.js';
import { FLOOR, measurePages, PLAIN_PAGE } from './many-jobs/pages.js';
import { longestStallMs, MachineStalls, memoryOf, standstillOf } from './many-jobs/vitals.js';
import { Limit, report } from './results.js';

/** Jobs that are due every second from the beginning; those of `FIRES` come with the edits. */
const EARLY_FIRES = 10;
const PATIENCE_MS = 900_000;
const SETTLE_MS = 10_000;
const MEMORY = 'memory of a worker';
const FLOOR_OF_STALLS = 'a thread that does nothing';
const numberOf = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);
const JOBS = numberOf('JOBS', 100_000);
const IS_MILLION = JOBS >= 1_000_000;
const WORKERS = numberOf('WORKERS', IS_MILLION ? 1 : 3);
const EDITS = Math.min(numberOf('EDITS', 10_000), JOBS);
const FIRES = numberOf('FIRES', 200);
const ROUNDS = numberOf('ROUNDS', 100);
const SECONDS = numberOf('SECONDS', 20);

const figures: Record<string, unknown> = { jobs: JOBS, workers: WORKERS };
const limits: Limit[] = [];
const stalls: Record<string, number> = {};
/** The longest of the minute before, and what of it was for want of a processor. */
const standstills: object[] = [];
const machine = new MachineStalls();

const mongo = await startMongoServer();
if (!mongo) throw new Error('there is no MongoDB');
const cluster = await Cluster.prepare(mongo, {
  home: '.cache/many-jobs',
  masters: 1,
  workers: WORKERS,
  environmentOf: () => ({ NODE_OPTIONS: process.env.NODE_OPTIONS ?? '' }),
});
const { etcd } = cluster;
const [master, worker] = [cluster.masters[0]!, cluster.workers[0]!];
const tell = `exec ${buildTell()} ${cluster.file('truth')} 0`;
const told = new ToldFires(cluster.file('truth'));
try {
  figures.history = mongo.description;
  await measureStarts();
  await measureMemory();
  await measureLists();
  await measureEdits();
} finally {
  await cluster.stop();
  await mongo.stop();
  await machine.close();
}
for (const [when, measured] of Object.entries(stalls)) {
  if (when.startsWith(FLOOR_OF_STALLS)) say(`${when}: ${measured} ms`);
  else limits.push({ what: `longest stall: ${when}`, measured, unit: 'ms', atMost: 200 });
}
figures.stallsMs = stalls;
figures.standstills = standstills;
report(IS_MILLION ? 'many-jobs-1000000' : 'many-jobs', figures, IS_MILLION ? limits.filter(isOfMemory) : limits);

/** From spawning a worker to the first process of a job: with few jobs, with all of them new, with all taken up before. */
async function measureStarts(): Promise<void> {
  const early = busyJobs(EARLY_FIRES, 0, JOBS, tell);
  await putJobs(etcd, early);
  const withFewMs = await startWorker(`a worker as it starts on ${EARLY_FIRES} jobs`);
  await stopWorker();

  const since = performance.now();
  const jobs = [...quietJobs(JOBS - EARLY_FIRES)];
  await putJobs(etcd, jobs);
  say(`${JOBS} jobs put in ${seconds(performance.now() - since)}`);
  await machine.longestMs();
  const spawnedAt = performance.now();
  await master.start(PATIENCE_MS);
  await master.ready(PATIENCE_MS);
  const masterReadyMs = Math.round(performance.now() - spawnedAt);
  await noteFloor('as the master starts');
  stalls['the master as it starts'] = await longestStallMs(master);
  say(`master ready in ${seconds(masterReadyMs)}`);

  const newMs = await startWorker('a worker as it starts on new jobs', async () => {
    const valid = jobs.filter(({ isValid }) => isValid).length + EARLY_FIRES;
    const takenUp = performance.now();
    await until('every job is taken up', async () => (await countCursors(etcd)) >= valid || pause(), PATIENCE_MS);
    say(`all taken up ${seconds(performance.now() - takenUp)} after the first fire`);
  });
  await stopWorker();
  const reading = await readEverything(etcd);
  say(`etcd's own: ${reading.keys} keys read in ${seconds(reading.ms)}`);
  const againMs = await startWorker('a worker as it starts again');
  const firstFireMs = { withFewMs, newMs, againMs };
  say(`first fire: few jobs ${seconds(withFewMs)}, new jobs ${seconds(newMs)}, known jobs ${seconds(againMs)}`);
  Object.assign(figures, { masterReadyMs, firstFireMs, floor: { reading } });
  for (const [what, measured] of [
    ['new', newMs],
    ['known', againMs],
  ] as const) {
    limits.push({ what: `first fire after the start, jobs ${what}`, measured, unit: 'ms', atMost: 5_000 });
  }
}

/**
 * Starts the first worker and resolves with the time until something of a job ran; notes its longest stall once it has
 * read everything: alone, it runs what it knows meanwhile.
 */
async function startWorker(when: string, settled: () => Promise<unknown> = async () => {}): Promise<number> {
  await machine.longestMs();
  const spawnedAt = Date.now();
  await worker.start(PATIENCE_MS);
  const firstFireMs = (await told.firstSince(spawnedAt, PATIENCE_MS)) - spawnedAt;
  await untilUp(worker);
  await settled();
  stalls[when] = await longestStallMs(worker);
  await noteFloor(when.replace('a worker as it', 'as a worker'));
  return firstFireMs;
}

/** Resolves once it says that it has read all jobs and cursors. */
async function untilUp(program: Program): Promise<void> {
  const saysSo = () => program.logged().some(({ msg }) => msg === 'Worker is up') || pause();
  await until(`${program.name} has read all jobs`, saysSo, PATIENCE_MS);
}

async function stopWorker(): Promise<void> {
  worker.signal('SIGTERM');
  await worker.exit();
}

async function measureMemory(): Promise<void> {
  for (const other of cluster.workers.slice(1)) {
    await other.start(PATIENCE_MS);
    await untilUp(other);
    stalls[`${other.name} as it joins`] = await longestStallMs(other);
  }
  await delay(SETTLE_MS);
  const measured = noteMemory('memory');
  if (IS_MILLION) limits.push({ what: MEMORY, measured, unit: 'MB', atMost: 1_000 });
  await machine.longestMs();
  for (const program of [master, ...cluster.workers]) await longestStallMs(program);
}

/** Puts down what every program takes; gives the most that is resident of a worker, MB. */
function noteMemory(figure: string): number {
  const memory = Object.fromEntries([master, ...cluster.workers].map(({ name, pid }) => [name, memoryOf(pid)]));
  figures[figure] = memory;
  for (const [name, { residentMb, peakMb }] of Object.entries(memory)) {
    say(`${name}: ${residentMb} MB resident, ${peakMb} MB at most`);
  }
  return Math.max(...cluster.workers.map(({ name }) => memory[name]!.residentMb));
}

async function measureLists(): Promise<void> {
  const pages = await measurePages(master.url, ROUNDS);
  for (const [path, { p50, p95 }] of Object.entries(pages)) {
    say(`${path.padEnd(50)} p50 ${p50.toFixed(1).padStart(6)}  p95 ${p95.toFixed(1).padStart(6)} ms`);
  }
  figures.pagesMs = pages;
  limits.push({ what: 'a page of jobs, p95', measured: pages[PLAIN_PAGE]!.p95, unit: 'ms', atMost: 10 });
  say(`a page of jobs is ${(pages[PLAIN_PAGE]!.p50 / pages[FLOOR]!.p50).toFixed(1)} times ${FLOOR}`);
  await noteStalls('while jobs are listed');
}

async function measureEdits(): Promise<void> {
  // At first: of a million it takes a while, in which this program does not see that connections are closed.
  const edited = [...quietJobs(JOBS - EARLY_FIRES)].filter(({ isValid }) => isValid).slice(-EDITS);
  const busy = busyJobs(FIRES, EARLY_FIRES, JOBS, tell);
  const names = busy.map(({ name }) => name);
  await putJobs(etcd, busy);
  await told.untilAllSince(Date.now(), names, PATIENCE_MS);
  const quietFrom = nextSecond();
  await delay(SECONDS * 1_000);
  const quiet = told.between(names, quietFrom, nextSecond() - 2_000);
  await noteStalls(`under ${FIRES} fires a second`);
  noteMemory('memoryUnderFires');

  const from = nextSecond();
  const edits = await editJobs(
    cluster.api(),
    edited.map(({ name }) => name),
  );
  const to = nextSecond();
  await told.untilAllSince(to, names, PATIENCE_MS);
  const fires = told.between(names, from, to);
  await noteStalls(`under ${FIRES} fires a second and edits`);
  const lost = await countLostEdits(
    etcd,
    edited.map(({ name }) => name),
  );
  const bareEdits = await editKeys(etcd, Math.min(EDITS, 2_000));

  say(`fires alone: ${firesInWords(quiet)}`);
  say(`fires under edits: ${firesInWords(fires)}`);
  const { p50, p99 } = edits.times;
  say(`${EDITS} edits: ${edits.perSecond}/s, p50 ${p50} ms, p99 ${p99} ms; bare ${bareEdits.perSecond}/s`);
  Object.assign(figures, { fires: { quiet, underEdits: fires }, edits, bareEdits, lostEdits: lost });
  limits.push(
    { what: 'fires missed under edits', measured: fires.missed, unit: 'fires', atMost: 0 },
    { what: 'fires doubled under edits', measured: fires.doubled, unit: 'fires', atMost: 0 },
    { what: 'edits that did not last', measured: lost, unit: 'edits', atMost: 0 },
  );
}

async function noteFloor(when: string): Promise<void> {
  stalls[`${FLOOR_OF_STALLS} ${when}`] = await machine.longestMs();
}

async function noteStalls(when: string): Promise<void> {
  await noteFloor(when);
  stalls[`the master ${when}`] = await longestStallMs(master);
  stalls[`a worker ${when}`] = Math.max(...(await Promise.all(cluster.workers.map(longestStallMs))));
  for (const program of [master, ...cluster.workers]) {
    const { loopStallMs, loopWaitMs } = await standstillOf(program);
    standstills.push({ when, program: program.name, loopStallMs, loopWaitMs });
    say(`${program.name} ${when}: stood still for ${loopStallMs} ms, ${loopWaitMs} of them without a processor`);
  }
}

function firesInWords({ due, missed, doubled, lateness: { p50, p99, max } }: Fires): string {
  return `${due} due, ${missed} missed, ${doubled} doubled, late p50 ${p50} ms, p99 ${p99} ms, at most ${max} ms`;
}

function isOfMemory({ what }: Limit): boolean {
  return what === MEMORY;
}

async function pause(): Promise<false> {
  await delay(200);
  return false;
}

function nextSecond(): number {
  return Math.ceil(Date.now() / 1_000) * 1_000;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

function say(words: string): void {
  console.error(words);
}

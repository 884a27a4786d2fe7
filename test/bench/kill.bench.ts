// How long after POST /runs/{id}/kill the whole tree of a run is gone, against a bare signal to the same tree.
//
//   npm run bench kill
//
// KILLS (100). A cluster of one master and three workers; a kill in turn with a bare one. Gone is what /proc says.
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { readProcessTable } from '../../apps/worker/src/running/processes/process-table.js';
import { Cluster } from '../support/cluster.js';
import { startMongoServer } from '../support/mongo-server.js';
import { isAlive, survivors } from '../support/processes.js';
import { until } from '../support/until.js';
import { report, Spread, spread } from './results.js';

const KILLS = Number(process.env.KILLS ?? 100);
const LIMIT_MS = 100;
/** A shell and two children. All of them end when they are told to. */
const TREE = 'sleep 600 & sleep 600 & wait';
const PROCESSES = 3;

const mongo = await startMongoServer();
if (!mongo) throw new Error('there is no MongoDB');
const cluster = await Cluster.start(mongo, {
  home: '.cache/kill',
  masters: 1,
  environmentOf: () => ({ NODE_OPTIONS: process.env.NODE_OPTIONS ?? '' }),
});
const api = cluster.api();
try {
  await api.call('PUT', '/jobs/tree', { name: 'tree', command: TREE, concurrencyPolicy: 'allow' });
  const gone: number[] = [];
  const answered: number[] = [];
  const bare: number[] = [];
  for (let kill = 0; kill <= KILLS; kill++) {
    const ours = await killRun();
    const floor = await killBare();
    // The first of each finds nothing warm.
    if (kill === 0) continue;
    gone.push(ours.goneMs);
    answered.push(ours.answeredMs);
    bare.push(floor);
  }
  const [goneMs, answeredMs, bareMs] = [spread(gone), spread(answered), spread(bare)];
  say('from the call to the tree gone', goneMs);
  say('from the call to its answer', answeredMs);
  say('a bare signal to the tree gone', bareMs);
  report('kill', { kills: KILLS, history: mongo.description, goneMs, answeredMs, floor: { bareMs } }, [
    { what: 'from the call to the tree gone, p99', measured: goneMs.p99, unit: 'ms', atMost: LIMIT_MS },
  ]);
} finally {
  await cluster.stop();
  await mongo.stop();
}

/** Starts a run by hand, kills it by the API once its tree stands. */
async function killRun(): Promise<{ goneMs: number; answeredMs: number }> {
  const { runId } = (await api.post('/jobs/tree/run')).json as { runId: string };
  const tree = await until('the tree stands', async () => whole(await survivors(runId)));
  const since = performance.now();
  const answering = api.post(`/runs/${runId}/kill`).then(() => performance.now() - since);
  const goneMs = await goneAfter(tree, since);
  return { goneMs, answeredMs: await answering };
}

/** The same tree as a program without any of our promises would start and kill it. */
async function killBare(): Promise<number> {
  const { pid } = spawn('/bin/sh', ['-c', TREE], { detached: true, stdio: 'ignore' });
  const tree = await until('the bare tree stands', async () => {
    const { processes } = await readProcessTable();
    return whole(processes.filter(({ group }) => group === pid).map((found) => found.pid));
  });
  const since = performance.now();
  process.kill(-pid!, 'SIGTERM');
  return goneAfter(tree, since);
}

function whole(pids: readonly number[]): readonly number[] | false {
  return pids.length >= PROCESSES && pids;
}

/** Looks about every millisecond. */
async function goneAfter(pids: readonly number[], since: number): Promise<number> {
  while (pids.some(isAlive)) {
    if (performance.now() - since > 30_000) throw new Error(`still alive: ${pids.filter(isAlive).join(', ')}`);
    await delay(1);
  }
  return performance.now() - since;
}

function say(what: string, { p50, p95, p99, max }: Spread): void {
  console.error(`${what.padEnd(32)} p50 ${p50}  p95 ${p95}  p99 ${p99}  at most ${max} ms`);
}

// How late 200 fires a second are for a minute on three workers, and what processor time each takes; the same of the
// minute after that.
//
// JOBS (200), SECONDS (60 each). The floor is a bare Node loop that starts the same commands as often, before and after.
import { Stage } from '../accounting/stage.js';
import { buildTell } from '../faults/tell.js';
import { Cluster } from '../support/cluster.js';
import { startMongoServer } from '../support/mongo-server.js';
import { untilTime } from '../support/until.js';
import { bareLoop } from './fires/bare-loop.js';
import { FleetWatch, type Processor } from './fires/fleet.js';
import { report, spread } from './results.js';

const JOBS = Number(process.env.JOBS ?? 200);
const SECONDS = Number(process.env.SECONDS ?? 60);
const SETTLING_MS = 10_000;
const FLOOR_ROUNDS = 15;

const tell = buildTell();
const telling = (file: string): string => `exec ${tell} ${file} 0`;
const floor = async () => {
  const { lateMs, cpuMs } = await bareLoop(telling, { count: JOBS, everyMs: 1_000, rounds: FLOOR_ROUNDS });
  return { lateMs: spread(lateMs.flat()), cpuMsPerFire: cpuMs / (JOBS * FLOOR_ROUNDS) };
};

const mongo = await startMongoServer();
if (!mongo) throw new Error('There is no MongoDB to measure with.');
const before = await floor();
const cluster = await Cluster.start(mongo, { home: '.cache/bench-fleet' });
const stage = Stage.on(cluster, telling);
const watch = await FleetWatch.on(cluster);
const names = Array.from({ length: JOBS }, (_, index) => `steady-${index}`);
await Promise.all(names.map((name) => stage.putTelling(name, 'forbid', '')));
await stage.untilAllTick(Date.now(), 30_000);
const from = Math.ceil((Date.now() + SETTLING_MS) / 1_000) * 1_000;
const to = from + SECONDS * 1_000;
const end = to + SECONDS * 1_000;

await untilTime(from - 100);
const [usedBefore, writesBefore, refusedBefore] = [await watch.used(), await watch.writes(), await watch.refused()];
await untilTime(to - 100);
const [usedAfter, writesAfter, refusedAfter] = [await watch.used(), await watch.writes(), await watch.refused()];
await untilTime(end - 100);
const usedAtEnd = await watch.used();
const late = stage.lateness(names, from, to);
const lateWarm = stage.lateness(names, to, end);
const discrepancies = await stage.discrepancies(end, 60_000);
await watch.close();
await cluster.stop();
const after = await floor();

const fires = JOBS * SECONDS;
const refused = refusedAfter - refusedBefore;
const lateness = spread(late);
const perFire = processorPerFire(usedBefore, usedAfter);
report(
  'steady',
  {
    jobs: JOBS,
    seconds: SECONDS,
    mongo: mongo.description,
    latenessMs: lateness,
    ...perFire,
    writeRequestsPerFire:
      (writesAfter.proposals - writesBefore.proposals - (writesAfter.beats - writesBefore.beats)) / fires,
    beats: writesAfter.beats - writesBefore.beats,
    keepAlives: writesAfter.keepAlives - writesBefore.keepAlives,
    refusedShare: refused / (refused + fires),
    started: late.length,
    discrepancies,
    // By then most of what runs often is compiled.
    nextMinute: { started: lateWarm.length, latenessMs: spread(lateWarm), ...processorPerFire(usedAfter, usedAtEnd) },
    floors: [before, after],
  },
  [
    { what: `lateness p99 of ${JOBS} fires a second`, measured: lateness.p99, unit: 'ms', atMost: 400 },
    { what: 'processor time of our processes per fire', measured: perFire.cpuMsPerFire, unit: 'ms', atMost: 2 },
    { what: 'fires not started', measured: fires - late.length, unit: '', atMost: 0 },
    { what: 'fires doubled, missed or told wrongly', measured: discrepancies.length, unit: '', atMost: 0 },
  ],
);
await mongo.stop();

function processorPerFire(before: Processor, after: Processor) {
  const [masters, workers, supervisors] = (['masters', 'workers', 'supervisors'] as const).map(
    (who) => (after[who] - before[who]) / fires,
  ) as [number, number, number];
  return { cpuMsPerFire: masters + workers + supervisors, cpuMsPerFireOf: { masters, workers, supervisors } };
}

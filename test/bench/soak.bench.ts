// What an hour of 50 fires a second with a fault in each minute leaves: every fire once, memory and descriptors level.
//
// MINUTES (60), JOBS (50), SEED (1). The same seed breaks the same things in the same order.
import { Stage } from '../accounting/stage.js';
import { buildTell } from '../faults/tell.js';
import { Cluster } from '../support/cluster.js';
import { startMongoServer } from '../support/mongo-server.js';
import { until, untilTime } from '../support/until.js';
import { report, spread } from './results.js';
import { growth, Held, heldBy } from './soak/level.js';
import { anyTrouble, randomOf } from './soak/troubles.js';

const MINUTES = Number(process.env.MINUTES ?? 60);
const JOBS = Number(process.env.JOBS ?? 50);
const SEED = Number(process.env.SEED ?? 1);
const MINUTE_MS = 60_000;
/** An hour's records, were they to be held in memory. */
const HISTORY_MIB = 6144;
/** Of every five jobs one may overlap with itself. */
const ALLOWED = 5;
/** Records that are on their way at the end, tens of thousands of others being read meanwhile. */
const ACCOUNT_MS = 1_200_000;
const MOST_GROWTH = 1.25;
/** Ten minutes of it, and what comes until the leader looks again. */
const MOST_ETCD_MIB = 128;

const mongo = await startMongoServer(HISTORY_MIB);
if (!mongo) throw new Error('There is no MongoDB to measure with.');
const tell = buildTell();
const cluster = await Cluster.start(mongo, { home: '.cache/soak', hasWaysToStore: true });
const stage = Stage.on(cluster, (file, commands) => `exec ${tell} ${file} ${commands}`);
const names = Array.from({ length: JOBS }, (_, index) => `soak-${String(index).padStart(3, '0')}`);
await Promise.all(
  names.map((name, index) =>
    stage.putTelling(name, index % ALLOWED === 0 ? 'allow' : 'forbid', index % 2 ? '40' : '0'),
  ),
);
await stage.untilAllTick(Date.now(), 30_000);

const random = randomOf(SEED);
const troubles: { readonly minute: number; readonly what: string }[] = [];
const samples: Held[] = [];
const from = Math.ceil(Date.now() / 1_000) * 1_000;
for (let minute = 0; minute < MINUTES; minute++) {
  await untilTime(from + minute * MINUTE_MS + random() * 15_000);
  const what = await anyTrouble(cluster, random);
  troubles.push({ minute, what });
  await untilTime(from + (minute + 1) * MINUTE_MS - 2_000);
  const held = await heldBy(cluster);
  samples.push(held);
  const starts = stage.truth().starts.length;
  console.error(`minute ${minute + 1}: ${what}; ${starts} starts; ${JSON.stringify(held)}`);
}
await untilTime(from + MINUTES * MINUTE_MS);
const to = Date.now();
await stage.untilAllTick(Math.ceil(to / 1_000) * 1_000, 30_000);
const lateness = spread(stage.lateness(names, from, to));

await Promise.all(names.map((name) => stage.remove(name)));
const quietSince = Date.now();
const left = await until(
  'nothing that lives is left in etcd',
  async () => {
    const keys = await cluster.underway();
    return Object.values(keys).every((count) => count === 0) && keys;
  },
  120_000,
).catch(() => cluster.underway());
const emptyAfterMs = Date.now() - quietSince;
const discrepancies = await stage.discrepancies(Date.now(), ACCOUNT_MS);
await cluster.stop();

const fires = JOBS * ((to - from) / 1_000);
report(
  'soak',
  {
    ...{ minutes: MINUTES, jobs: JOBS, seed: SEED, mongo: mongo.description },
    troubles,
    planned: Math.round(fires),
    started: lateness.count,
    latenessMs: lateness,
    discrepancies: discrepancies.slice(0, 100),
    left,
    emptyAfterMs,
    samples,
  },
  [
    { what: 'fires doubled, missed or told wrongly', measured: discrepancies.length, unit: '', atMost: 0 },
    {
      what: 'memory of the program that grew most, last third beside the one before',
      measured: growth(samples, ({ memoryMib }) => memoryMib),
      unit: 'times',
      atMost: MOST_GROWTH,
    },
    {
      what: 'file descriptors of the program that grew most, last third beside the one before',
      measured: growth(samples, ({ descriptors }) => descriptors),
      unit: 'times',
      atMost: MOST_GROWTH,
    },
    {
      what: 'runs, locks and requests left in etcd after quiet',
      measured: Object.values(left).reduce((sum, count) => sum + count, 0),
      unit: 'keys',
      atMost: 0,
    },
    {
      what: 'database of etcd at its largest',
      measured: Math.max(...samples.map(({ etcdBytes }) => etcdBytes)) / 2 ** 20,
      unit: 'MiB',
      atMost: MOST_ETCD_MIB,
    },
  ],
);
await mongo.stop();
// Connections to what is gone may go on trying.
process.exit();

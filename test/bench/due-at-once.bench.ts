// How soon 1,000 jobs due at one second have started, and how often etcd is written for them, at 1, 3 and 10 workers.
//
// JOBS (1000), ROUNDS (5), WORKERS ("3 1 10"). The floor is a bare Node loop that starts the same commands, between rounds.
import { Stage } from '../accounting/stage.js';
import { buildTell } from '../faults/tell.js';
import { Cluster } from '../support/cluster.js';
import { MongoServer, startMongoServer } from '../support/mongo-server.js';
import { untilTime } from '../support/until.js';
import { bareLoop } from './fires/bare-loop.js';
import { FleetWatch } from './fires/fleet.js';
import { Limit, report, spread } from './results.js';

const JOBS = Number(process.env.JOBS ?? 1_000);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const FLEETS = (process.env.WORKERS ?? '3 1 10').split(' ').map(Number);
const EVERY_MS = 15_000;
/** Rounds and floors do not meet. */
const FLOOR_AFTER_MS = 8_000;
const FLOOR_FACTOR = 1.25;
const FLOOR_MORE_MS = 300;
const WRITES_PER_FIRE = 0.25;
const REFUSED_SHARE = 0.02;

const tell = buildTell();
const telling = (file: string): string => `exec ${tell} ${file} 0`;

interface Round {
  /** After the second at which all were due. */
  readonly lastStartMs: number;
  readonly floorLastStartMs: number;
  readonly medianMs: number;
  readonly floorMedianMs: number;
  readonly writes: number;
  readonly beats: number;
  readonly keepAlives: number;
  /** Claims refused because another worker had decided. */
  readonly refused: number;
}

async function measure(mongo: MongoServer, workers: number) {
  const cluster = await Cluster.start(mongo, { home: '.cache/bench-fleet', workers });
  const stage = Stage.on(cluster, telling);
  try {
    const watch = await FleetWatch.on(cluster);
    const cronExpr = `*/${EVERY_MS / 1000} * * * * *`;
    const names = Array.from({ length: JOBS }, (_, index) => `due-${index}`);
    const from = nextRound(Date.now() + 5_000);
    await Promise.all(names.map((name) => stage.putOther(name, '', { cronExpr })));
    const refusedBefore = await watch.refused();
    // The first round finds everything cold, and stands in the figures as such.
    const rounds: Round[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      rounds.push(await measureRound(stage, watch, from + round * EVERY_MS));
    }
    const refused = (await watch.refused()) - refusedBefore;
    await watch.close();
    const to = from + rounds.length * EVERY_MS;
    const discrepancies = await stage.discrepancies(to, 30_000);
    const { starts } = stage.truth();
    const measured = starts.filter(({ scheduledTime }) => scheduledTime >= from && scheduledTime < to);
    const missing = rounds.length * JOBS - new Set(measured.map(({ runId }) => runId)).size;
    return { workers, rounds, refusedShare: refused / (refused + rounds.length * JOBS), discrepancies, missing };
  } finally {
    await cluster.stop();
  }
}

async function measureRound(stage: Stage, watch: FleetWatch, at: number): Promise<Round> {
  await untilTime(at - 1_000);
  const [before, refusedBefore] = [await watch.writes(), await watch.refused()];
  await untilTime(at + FLOOR_AFTER_MS - 1_500);
  const [after, refusedAfter] = [await watch.writes(), await watch.refused()];
  const late = stage
    .truth()
    .starts.filter(({ scheduledTime }) => scheduledTime === at)
    .map(({ startedAt }) => startedAt - at);
  const floor = (await bareLoop(telling, { count: JOBS, everyMs: 1_000, rounds: 1 })).lateMs[0] ?? [];
  const beats = after.beats - before.beats;
  return {
    lastStartMs: spread(late).max,
    floorLastStartMs: spread(floor).max,
    medianMs: spread(late).p50,
    floorMedianMs: spread(floor).p50,
    writes: after.proposals - before.proposals - beats,
    beats,
    keepAlives: after.keepAlives - before.keepAlives,
    refused: refusedAfter - refusedBefore,
  };
}

function nextRound(after: number): number {
  return Math.ceil(after / EVERY_MS) * EVERY_MS;
}

const mongo = await startMongoServer();
if (!mongo) throw new Error('There is no MongoDB to measure with.');
const limits: Limit[] = [];
const figures: Record<string, unknown> = { jobs: JOBS, mongo: mongo.description };
for (const workers of FLEETS) {
  const measured = await measure(mongo, workers);
  const warm = measured.rounds.slice(1);
  const middle = (pick: (round: Round) => number): number => spread(warm.map(pick)).p50;
  const name = `${workers} worker${workers === 1 ? '' : 's'}`;
  figures[name] = measured;
  const floorMs = middle(({ floorLastStartMs }) => floorLastStartMs);
  console.error(`${name}: last start ${warm.map(({ lastStartMs }) => lastStartMs).join(', ')} ms, floor ${floorMs} ms`);
  if (workers === 3) {
    limits.push({
      what: `${name}: last start of ${JOBS} due at one second, median of ${ROUNDS} rounds (floor ${floorMs} ms)`,
      measured: middle(({ lastStartMs }) => lastStartMs),
      unit: 'ms',
      atMost: Math.round(FLOOR_FACTOR * floorMs + FLOOR_MORE_MS),
    });
  }
  limits.push(
    {
      what: `${name}: etcd write requests per fire`,
      measured: middle(({ writes }) => writes) / JOBS,
      unit: '',
      atMost: WRITES_PER_FIRE,
    },
    {
      what: `${name}: claims refused because decided`,
      measured: measured.refusedShare,
      unit: '',
      atMost: REFUSED_SHARE,
    },
    {
      what: `${name}: fires missing, doubled or told wrongly`,
      measured: measured.missing + measured.discrepancies.length,
      unit: '',
      atMost: 0,
    },
  );
}
report('due-at-once', figures, limits);
await mongo.stop();

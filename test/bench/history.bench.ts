// How many records a second history takes through the sink, against bare inserts of the same records in the same run.
//
//   npm run bench history
//
// RECORDS (20000 a round), ROUNDS (7), STORES (mongo,embedded). The sink's batches of 500 go one after the other; so do the
// bare ones. Rounds alternate; what counts is the median of each.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Receipt, Run } from '@app/jobs';
import { HistoryStore, LogSink } from '@app/logs';
import { SystemClock, silentLog } from '@app/platform';
import { startMongoServer } from '../support/mongo-server.js';
import { recordOf } from './history/records.js';
import { embeddedPair, mongoPair, Pair } from './history/stores.js';
import { Limit, report, spread } from './results.js';

const RECORDS = Number(process.env.RECORDS ?? 20_000);
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const STORES = (process.env.STORES ?? 'mongo,embedded').split(',');
const BATCH = 500;
/** Four batches: enough that one is always waiting. */
const AT_ONCE = 4 * BATCH;
const JOBS = 1_000;

interface Rates {
  /** Records a second, round by round. */
  readonly sink: readonly number[];
  readonly bare: readonly number[];
  readonly sinkMedian: number;
  readonly bareMedian: number;
  readonly ratio: number;
}

const folder = mkdtempSync(join(tmpdir(), 'fleetcron-bench-'));
const server = STORES.includes('mongo') ? await startMongoServer() : undefined;
const figures: Record<string, unknown> = { recordsARound: RECORDS, mongo: server?.description };
const limits: Limit[] = [];
try {
  if (server) judge('mongo', await measure(() => mongoPair(server)));
  if (STORES.includes('embedded')) judge('embedded', await measure((round) => embeddedPair(join(folder, `${round}`))));
} finally {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}
report('history', figures, limits);

function judge(name: string, rates: Rates): void {
  const { sinkMedian, bareMedian, ratio } = rates;
  console.error(`${name.padEnd(9)} sink ${sinkMedian}/s  bare ${bareMedian}/s  ratio ${ratio.toFixed(2)}`);
  figures[name] = rates;
  limits.push({ what: `records through the sink, ${name}`, measured: ratio, unit: 'of bare inserts', atLeast: 0.7 });
}

/** A round of each to warm up, then rounds in turn, each on empty stores. */
async function measure(open: (round: number) => Promise<Pair>): Promise<Rates> {
  const sink: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const runs = Array.from({ length: RECORDS }, (_, index) => runOf(round * RECORDS + index));
    const { store, prepareBare, close } = await open(round);
    const throughSink = await perSecond(() => writeThroughSink(store, runs, round));
    const batches = Array.from({ length: RECORDS / BATCH }, (_, index) =>
      prepareBare(runs.slice(index * BATCH, (index + 1) * BATCH)),
    );
    const alone = await perSecond(async () => {
      for (const write of batches) await write();
    });
    await close();
    if (round === 0) continue;
    sink.push(throughSink);
    bare.push(alone);
  }
  const [sinkMedian, bareMedian] = [spread(sink).p50, spread(bare).p50];
  return { sink, bare, sinkMedian, bareMedian, ratio: sinkMedian / bareMedian };
}

async function perSecond(write: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const since = performance.now();
  await write();
  return Math.round((RECORDS / (performance.now() - since)) * 1_000);
}

/** As a worker hands its records over, no more at a time than the sink holds without going to disk; until history has all. */
async function writeThroughSink(store: HistoryStore, runs: readonly Run[], round: number): Promise<void> {
  const sink = new LogSink(store, join(folder, `sink-${round}`), new SystemClock(), silentLog);
  await sink.start();
  for (let at = 0; at < runs.length; at += AT_ONCE) {
    const receipts = new Set<Receipt>(runs.slice(at, at + AT_ONCE).map((run) => sink.record(run)));
    await Promise.all([...receipts].map(({ stored }) => stored));
  }
  const { spoolSegments, storedRuns, mode } = sink.stats();
  if (mode !== 'direct' || spoolSegments > 0) throw new Error('the sink went to disk: that measures something else');
  if (storedRuns !== runs.length) throw new Error(`${storedRuns} of ${runs.length} were stored`);
  await sink.close(1_000);
}

/** A thousand jobs, each every four minutes, as a worker tells of them. */
function runOf(n: number): Run {
  const record = recordOf(n, JOBS);
  return { ...record, claimedAt: record.scheduledTime + 4 };
}

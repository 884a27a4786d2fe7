import type { Run } from '@app/jobs';
import type { OutputChunk } from '@app/logs';
import { Random } from '../simulation/random.js';
import { liveThrough, mostRecordsOfAJob, WorldHistory } from './seeded-world-history.js';
import { type WorldJob, worldJob } from './seeded-world-jobs.js';
import { WorldRecorder } from './seeded-world-records.js';
import type { RecordedJob } from './seeded-world-runs.js';
import { SeededStores } from './seeded-world-stores.js';

/** How large a world, and which. */
export interface WorldOptions {
  readonly jobs: number;
  /** Records of ended runs, stretches included. Reached where the jobs fire often enough for it. */
  readonly runs: number;
  /** How far back they go. */
  readonly days: number;
  /** The same seed gives the same world, relative to `now`. */
  readonly seed: number;
  /** Epoch milliseconds: where the past ends. */
  readonly now: number;
  /** So many jobs more that are on and fire every five seconds. */
  readonly live?: number;
  /** Told now and then what is done. */
  readonly onProgress?: (words: string) => void;
}

/** What a world came to. */
export interface WorldSummary {
  readonly jobs: number;
  readonly runs: number;
  readonly chunks: number;
  readonly rollups: number;
}

interface World {
  readonly jobs: readonly WorldJob[];
  readonly history: WorldHistory;
}

const DAY_MS = 86_400_000;
/** The rest of the jobs is new and never ran. */
const SHARE_WITH_A_PAST = 0.92;
const RUNS_PER_WRITE = 2_000;

/**
 * Fills the embedded stores of a folder, so that `FLEETCRON_DATA=FOLDER npm start` serves it: jobs of many kinds with
 * their cursors, ended runs, output, roll-ups. No job fires for a month but the `live` ones, and nothing is left undecided.
 */
export async function seedWorld(folder: string, options: WorldOptions): Promise<WorldSummary> {
  const { seed, now, onProgress = () => {} } = options;
  const random = new Random(seed);
  const { jobs, history } = makeWorld(options, random);
  onProgress(`${jobs.length} jobs and ${history.records} records thought of`);
  const stores = SeededStores.open(folder, now);
  try {
    const recorded = await putJobs(stores, jobs, history, now);
    await putLiveJobs(stores, options);
    onProgress('jobs written');
    const chunks = await writeHistory(stores, history, recorded, options);
    onProgress('history written');
    const rollups = await stores.recomputeRollups();
    return { jobs: jobs.length + (options.live ?? 0), runs: history.records, chunks, rollups };
  } finally {
    await stores.close();
  }
}

/** Jobs that fire daily or less, and a busy one wherever the records lag behind what was asked for. */
function makeWorld({ jobs: wanted, runs, days, now }: WorldOptions, random: Random): World {
  const span = { from: now - days * DAY_MS, to: now, records: runs };
  const jobs: WorldJob[] = [];
  const history = new WorldHistory();
  for (let index = 0; index < wanted; index++) {
    const due = runs * Math.min(1, index / (wanted * SHARE_WITH_A_PAST));
    const lag = due - history.records;
    const slack = mostRecordsOfAJob(runs) / 20;
    const busy = lag > slack ? mostRecordsOfAJob(runs) / 2 / days : undefined;
    const job = worldJob(index, busy, random, now);
    jobs.push(job);
    if (lag > -mostRecordsOfAJob(runs)) liveThrough(history, index, job, span, random);
  }
  return { jobs, history };
}

async function putJobs(
  stores: SeededStores,
  jobs: readonly WorldJob[],
  history: WorldHistory,
  now: number,
): Promise<readonly RecordedJob[]> {
  const seeded = jobs.map(({ document }, index) => ({ document, runCount: history.runCounts.get(index) ?? 0 }));
  const revisions = await stores.putJobs(seeded, now);
  return jobs.map(({ document, medianMs, spread, workers }, index) => {
    const revision = revisions[index] as number;
    const { name, command } = document;
    return { name, command, revision, generation: revision, medianMs, spread, workers };
  });
}

async function putLiveJobs(stores: SeededStores, { live = 0, now }: WorldOptions): Promise<void> {
  const documents = Array.from({ length: live }, (_, index) => ({
    name: `live-${String(index).padStart(4, '0')}`,
    command: 'true',
    cronExpr: `${index % 5}/5 * * * * *`,
    labels: { team: 'ops', tier: '3' },
  }));
  await stores.putJobs(
    documents.map((document) => ({ document, runCount: 0 })),
    now,
  );
}

async function writeHistory(
  stores: SeededStores,
  history: WorldHistory,
  jobs: readonly RecordedJob[],
  { seed, now, onProgress = () => {} }: WorldOptions,
): Promise<number> {
  const recorder = new WorldRecorder(history, seed, now);
  let runs: Run[] = [];
  let chunks: OutputChunk[] = [];
  let written = 0;
  let chunksWritten = 0;
  const write = async () => {
    await stores.writeRuns(runs);
    await stores.writeOutput(chunks);
    chunksWritten += chunks.length;
    written += runs.length;
    if (Math.floor(written / 100_000) > Math.floor((written - runs.length) / 100_000)) onProgress(`${written} records`);
    runs = [];
    chunks = [];
  };
  for (const happening of history.inOrder()) {
    const recorded = recorder.record(happening, jobs[happening.job] as RecordedJob);
    runs.push(...recorded.runs);
    chunks.push(...recorded.chunks);
    if (runs.length >= RUNS_PER_WRITE) await write();
  }
  await write();
  return chunksWritten;
}

import { type JobDocument, parseJobDocument, scheduleOf } from '@app/jobs';
import type { DemoJob } from './demo-fleet-job.js';
import { DEMO_INVALID, DEMO_JOBS } from './demo-fleet-jobs.js';
import { demoPast, type PastJob } from './demo-fleet-past.js';
import type { WorldSummary } from './seeded-world.js';
import { SeededStores } from './seeded-world-stores.js';

/** How the demo fleet stands when a program opens its folder. */
export interface DemoOptions {
  /**
   * Every job goes on at once. Unless asked for, those that would fire within the hour wait until tomorrow, so that a
   * page stands still while a test looks at it.
   */
  readonly isLive?: boolean;
  /** The group of every job, where one worker is to run them all; else each has its own. */
  readonly group?: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BORN_DAYS_AGO = 15;
const RUNS_PER_WRITE = 500;

/**
 * Fills the embedded stores of a folder with some forty jobs of a company that could be: two weeks of history with a
 * failing streak, a missed stretch, lost and killed runs, output to look at, earlier versions. All of it relative to
 * `now`; the commands are harmless.
 */
export async function seedDemo(folder: string, now: number, options: DemoOptions = {}): Promise<WorldSummary> {
  const stores = SeededStores.open(folder, now);
  try {
    const past: PastJob[] = [];
    for (const job of DEMO_JOBS) past.push({ job, revisions: await putJob(stores, job, now, options) });
    await stores.putValue(DEMO_INVALID.name, DEMO_INVALID.value);
    const written = await writePast(stores, past, now);
    return { jobs: DEMO_JOBS.length + 1, ...written, rollups: await stores.recomputeRollups() };
  } finally {
    await stores.close();
  }
}

/** The job as it was at first, then edit by edit, up to what it is. */
async function putJob(
  stores: SeededStores,
  job: DemoJob,
  now: number,
  options: DemoOptions,
): Promise<PastJob['revisions']> {
  const { edits = [] } = job;
  const versions = versionsOf(job, documentAt(job, now, options));
  const bornAt = now - BORN_DAYS_AGO * DAY_MS;
  const [first] = await stores.putJobs([{ document: versions[0] as JobDocument, runCount: 0 }], bornAt);
  const revisions = [{ since: bornAt, revision: first as number }];
  for (const [index, { daysAgo, by }] of edits.entries()) {
    const at = now - daysAgo * DAY_MS;
    revisions.push({ since: at, revision: await stores.edit(versions[index + 1] as JobDocument, at, by) });
  }
  return revisions;
}

/** Every version of the document, oldest first; an edit says what was otherwise before it. */
function versionsOf({ edits = [] }: DemoJob, newest: JobDocument): readonly JobDocument[] {
  const versions = [newest];
  for (const { before } of [...edits].reverse()) {
    const entries = Object.entries({ ...versions[0], ...before }).filter(([, value]) => value !== undefined);
    versions.unshift(Object.fromEntries(entries) as unknown as JobDocument);
  }
  return versions;
}

function documentAt({ document, at = {} }: DemoJob, now: number, { isLive, group }: DemoOptions): JobDocument {
  const instants = Object.entries(at).map(([field, hours]) => [field, instant(now + hours * HOUR_MS)]);
  const dated: JobDocument = { ...document, ...Object.fromEntries(instants), ...(group !== undefined && { group }) };
  const next = scheduleOf(parseJobDocument(dated).job)?.next(now) ?? Infinity;
  return isLive || next > now + HOUR_MS ? dated : { ...dated, startAt: instant(now + DAY_MS) };
}

/** On the full hour, as people write instants. */
function instant(ms: number): string {
  return new Date(Math.ceil(ms / HOUR_MS) * HOUR_MS).toISOString();
}

async function writePast(stores: SeededStores, past: readonly PastJob[], now: number) {
  let runCount = 0;
  let chunkCount = 0;
  for (const one of past) {
    const records = demoPast(one, now);
    const runs = records.flatMap((record) => record.runs);
    const chunks = records.flatMap((record) => record.chunks);
    for (let start = 0; start < runs.length; start += RUNS_PER_WRITE) {
      await stores.writeRuns(runs.slice(start, start + RUNS_PER_WRITE));
    }
    await stores.writeOutput(chunks);
    const ran = runs.filter(({ trigger, startTime }) => trigger === 'schedule' && startTime !== undefined).length;
    await stores.moveCursor(one.job.document.name, now, ran);
    runCount += runs.length;
    chunkCount += chunks.length;
  }
  return { runs: runCount, chunks: chunkCount };
}

// What a worker holds in memory of each job: definitions, plans and cursors, against a map of the same documents as text.
//
//   npm run bench job-memory
//
// JOBS (100000), SNAPSHOT (a file to write a heap snapshot to). Needs no services.
import { writeHeapSnapshot } from 'node:v8';
import { MirroredKeys } from '../../libs/etcd/src/mirror/mirrored-keys.js';
import type { Entry } from '../../libs/etcd/src/port/coordination-store.js';
import { knownCursor } from '../../libs/jobs/src/claiming/decision.js';
import { readSpareDefinition } from '../../libs/jobs/src/registry/job-definition.js';
import { Agenda } from '../../libs/jobs/src/scheduling/agenda.js';
import { JobTrack } from '../../libs/jobs/src/scheduling/job-track.js';
import { writeCursor } from '../../libs/jobs/src/store/cursor.js';
import { quietJobs } from './many-jobs/fleet.js';
import { report } from './results.js';

const JOBS = Number(process.env.JOBS ?? 100_000);
const PAGE = 1_000;
const JOBS_PREFIX = '/cron/jobs/';
const bytesPerJob: Record<string, number> = {};

let before = held();

const texts = new Map<string, string>();
for (const { name, value } of quietJobs(JOBS)) texts.set(asRead(name), asRead(value));
note('floor: a map of texts');
texts.clear();
before = held();

const mirror = new MirroredKeys(JOBS_PREFIX, (entry, id) => readSpareDefinition(id, entry));
const revision = listDefinitions();
note('definitions');
const tracks = new Map<string, JobTrack>();
const agenda = new Agenda<JobTrack>();
planAll(Date.now());
note('tracks');
learnCursors(Date.now());
note('cursors');
if (process.env.SNAPSHOT) writeHeapSnapshot(process.env.SNAPSHOT);

const { definitions = NaN, tracks: plans = NaN, cursors = NaN } = bytesPerJob;
const measured = Math.round(definitions + plans + cursors);
const what = 'what a worker holds of a job';
const garbageCollectionMs = collect();
report('job-memory', { jobs: tracks.size, due: agenda.size, bytesPerJob, garbageCollectionMs }, [
  { what, measured, unit: 'bytes', atMost: 600 },
]);

/** As a mirror reads its first list; gives the revision of the last job. */
function listDefinitions(): number {
  let at = 1;
  const listing = mirror.beginListing();
  let page: Entry[] = [];
  for (const { name, value } of quietJobs(JOBS)) {
    at++;
    page.push({ key: asRead(JOBS_PREFIX + name), value: Buffer.from(value), createRevision: at, modRevision: at });
    if (page.length < PAGE) continue;
    listing.page(page, JOBS + 1);
    page = [];
  }
  listing.page(page, JOBS + 1);
  listing.end(at);
  listing.abandon();
  return at;
}

function planAll(now: number): void {
  for (const definition of mirror.entries()) {
    const track = new JobTrack(definition);
    tracks.set(definition.name, track);
    const fire = definition.schedule?.next(now);
    if (fire === undefined) continue;
    track.fire = fire;
    agenda.set(track, track.dueOf(fire));
  }
}

/** As they are read after all jobs were taken up, at an instant that is no whole second. */
function learnCursors(now: number): void {
  let at = revision;
  let undecided = 0;
  const since = now % 1_000 === 0 ? now + 1 : now;
  for (const [name, track] of tracks) {
    const { createRevision: generation, fingerprint } = track.definition;
    const value = Buffer.from(writeCursor({ at: since, generation, fingerprint, since, runs: 0, resets: 0 }));
    at++;
    track.learn(knownCursor({ key: `/cron/cursors/${name}`, value, createRevision: at, modRevision: at }));
    if (track.firstUndecided !== undefined) undecided++;
  }
  if (undecided !== agenda.size) throw new Error(`${undecided} have a fire to come, ${agenda.size} are planned`);
}

/** In one piece, as it comes from the store, not as it was put together. */
function asRead(text: string): string {
  return Buffer.from(text).toString();
}

/** Puts down what is held since the last call. */
function note(what: string): void {
  const now = held();
  bytesPerJob[what] = Math.round((now - before) / JOBS);
  console.error(`${what}: ${bytesPerJob[what]} bytes per job`);
  before = now;
}

function held(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Gives how long it took, milliseconds. */
function collect(): number {
  const since = performance.now();
  (globalThis as { gc?: () => void }).gc?.();
  return Math.round(performance.now() - since);
}

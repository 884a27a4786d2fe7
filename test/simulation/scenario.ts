import { MemoryStore } from '@app/etcd';
import { Keys, type Run } from '@app/jobs';
import { ManualClock } from '@app/platform';
import { check } from '../accounting/checker.js';
import { GroundTruth } from '../accounting/ground-truth.js';
import type { Timeline } from '../accounting/timeline.js';
import { Actors } from './actors.js';
import { CALM } from './faulty-store.js';
import { Fleet } from './fleet.js';
import { profileOf } from './profiles.js';
import { Random } from './random.js';
import { SimHistory } from './sim-recorder.js';
import type { World } from './sim-worker.js';
import { StoreWitness } from './store-witness.js';
import { trace, traceStarts } from './trace.js';

const ACTIVE_MS = 60_000;
const QUIET_MS = 75_000;
/** Attempts of a job that may not overlap end one after the other. */
const LONGEST_BACKLOG_MS = 300_000;
/** An adoption by a worker that has just come up, after a long outage, takes its time. */
const LONGEST_PAUSING_MS = 300_000;

/** Most runs are short; so many may outlast a session. */
const LONG_RUNS = 0.04;
const SHORT_RUN_MS = [50, 2500] as const;
const LONG_RUN_MS = [2500, 30_000] as const;

/** What became of one world. */
export interface Verdict {
  readonly seed: number;
  readonly profile: string;
  readonly violations: readonly string[];
  readonly starts: number;
  readonly refused: number;
}

/** What a world leaves behind for the checker to judge. */
export interface Past {
  readonly profile: string;
  readonly timelines: readonly Timeline[];
  readonly truth: GroundTruth;
  readonly records: ReadonlyMap<string, Run>;
  /** When it ended, epoch milliseconds. */
  readonly end: number;
  /** What was seen to be wrong while it lived. */
  readonly seen: readonly string[];
  readonly refused: number;
}

/** Lives through one world, the same for the same seed, and judges it. */
export async function simulate(seed: number): Promise<Verdict> {
  const { profile, timelines, truth, records, end, seen, refused } = await live(seed);
  const violations = [...seen, ...check(timelines, truth, records, end)];
  return { seed, profile, violations, starts: truth.starts.length, refused };
}

/** Lives through one world, the same for the same seed. */
export async function live(seed: number): Promise<Past> {
  const random = new Random(seed);
  const profile = profileOf(seed);
  const clock = new ManualClock({ now: Date.UTC(2026, 0, 1) + random.between(0, 999) });
  const store = new MemoryStore(clock, { historyLimit: 1_000_000 });
  const keys = new Keys('/cron');
  const truth = new GroundTruth(clock);
  const history = new SimHistory();
  const witness = new StoreWitness(store, keys);
  const world: World = {
    clock,
    keys,
    store,
    random,
    truth,
    history,
    faults: { ...profile.network },
    durationOf: () => random.between(...(profile.runMs ?? (random.chance(LONG_RUNS) ? LONG_RUN_MS : SHORT_RUN_MS))),
    isStoreDown: false,
    isShuttingDown: false,
  };
  const traced = process.env['SIM_TRACE'];
  if (traced) trace(store, traced, () => clock.now());
  const fleet = new Fleet(world, profile);
  const actors = new Actors(world, fleet, witness, profile);
  fleet.start();
  await actors.createJobs();
  fleet.disturb();
  actors.disturb();
  await clock.advanceAsync(ACTIVE_MS);

  // The storm is over: everything is mended, and nothing more becomes due.
  world.isShuttingDown = true;
  Object.assign(world.faults, CALM);
  fleet.mend();
  history.comeBack();
  let isPaused = false;
  void actors.pauseAll().then(() => {
    isPaused = true;
  });
  await clock.advanceUntil(() => isPaused, LONGEST_PAUSING_MS).catch(() => actors.complain());
  await clock.advanceAsync(QUIET_MS);
  await clock.advanceUntil(() => witness.live.size === 0, LONGEST_BACKLOG_MS).catch(() => {});

  if (traced) traceStarts(truth, traced);
  const leftBehind = [...witness.live].map((key) => `left behind after quiet: ${key}`);
  return {
    profile: profile.name,
    timelines: actors.timelines,
    truth,
    records: history.runs,
    end: clock.now(),
    seen: [...witness.violations, ...leftBehind, ...fleet.failures],
    refused: fleet.refused,
  };
}

import { CALM, type NetworkFaults } from './faulty-store.js';

/** What kind of trouble a world is in. Rates are mean seconds between two events; absent: never. */
export interface Profile {
  readonly name: string;
  readonly network: NetworkFaults;
  readonly killEvery?: number;
  readonly pauseEvery?: number;
  readonly cutEvery?: number;
  /** How long lines are cut, in milliseconds. Default: half a second to 25 s. */
  readonly cutMs?: readonly number[];
  /** How often a cut line comes back only partly at first. Default 0.3. */
  readonly healsPartly?: number;
  readonly storeOutageEvery?: number;
  readonly historyOutageEvery?: number;
  readonly joinOrDrainEvery?: number;
  readonly masterTroubleEvery?: number;
  readonly editEvery?: number;
  /** Somebody starts a job by hand. */
  readonly runEvery?: number;
  /** How long runs take, in milliseconds. Default: most up to 2.5 s, a few up to 30 s. */
  readonly runMs?: readonly [least: number, most: number];
  /** Seconds between two fires of a job. Default 1 to 20. */
  readonly periods?: readonly number[];
  /** What every job says, whatever it would have said. */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** Largest error of a wall clock. */
  readonly skewMs: number;
}

const NOISE: NetworkFaults = { lostRequest: 0.01, lostReply: 0.02, duplicate: 0.02, slow: 0.02 };

/** A line on which every fourth message takes seconds or comes twice. */
const SLUGGISH: NetworkFaults = { lostRequest: 0.03, lostReply: 0.08, duplicate: 0.25, slow: 0.25 };

const PROFILES: readonly Profile[] = [
  { name: 'calm', network: CALM, skewMs: 50 },
  { name: 'kills', network: CALM, killEvery: 8, skewMs: 200 },
  { name: 'noise', network: NOISE, editEvery: 10, skewMs: 300 },
  { name: 'sluggish', network: SLUGGISH, killEvery: 20, editEvery: 20, runEvery: 2, skewMs: 300 },
  {
    name: 'crowded',
    network: SLUGGISH,
    periods: [1, 2],
    runMs: [1000, 4000],
    policy: { concurrencyPolicy: 'allow' },
    skewMs: 1000,
  },
  {
    name: 'slow healing',
    network: CALM,
    cutEvery: 4,
    cutMs: [8_000, 14_000],
    healsPartly: 1,
    runMs: [15_000, 30_000],
    policy: { concurrencyPolicy: 'forbid', lostAfterSeconds: 12 },
    skewMs: 300,
  },
  { name: 'pauses', network: CALM, pauseEvery: 10, editEvery: 15, skewMs: 300 },
  { name: 'partitions', network: CALM, cutEvery: 10, killEvery: 30, skewMs: 300 },
  { name: 'outages', network: NOISE, storeOutageEvery: 25, historyOutageEvery: 20, skewMs: 300 },
  { name: 'edits', network: NOISE, editEvery: 3, killEvery: 20, skewMs: 1500 },
  { name: 'joins', network: CALM, joinOrDrainEvery: 6, killEvery: 25, skewMs: 800 },
  {
    name: 'everything',
    network: NOISE,
    killEvery: 15,
    pauseEvery: 25,
    cutEvery: 25,
    storeOutageEvery: 60,
    historyOutageEvery: 50,
    joinOrDrainEvery: 20,
    masterTroubleEvery: 25,
    editEvery: 8,
    skewMs: 1000,
  },
];

export function profileOf(seed: number): Profile {
  return PROFILES[seed % PROFILES.length] as Profile;
}

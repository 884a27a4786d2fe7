import { isObject, readInstant, readObject, writeInstant } from './json.js';
import { readVitals, type Vitals } from './vitals.js';

/** What a worker says of itself under `workers/ID`, for as long as its lease lives. Changes seldom. */
export interface WorkerPresence {
  readonly id: string;
  /** Another one for every start of the process. */
  readonly boot: string;
  readonly host: string;
  readonly address: string;
  readonly pid: number;
  readonly version: string;
  /** Highest `v` of a job document it knows. */
  readonly schema: number;
  /** tz data version: a mix is warned of. */
  readonly tzData: string;
  readonly group: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly slots: number;
  readonly startedAt: number;
  /** For fires at or before it, this worker stands after all others. Epoch milliseconds. */
  readonly eligibleFrom: number;
  /** From this fire on it takes nothing; undefined while it serves. Epoch milliseconds. */
  readonly drainFrom?: number;
  /** All its slots are taken, and have been for a while: it stands after those that have one. */
  readonly isFull?: boolean;
  /** Its clock is off, so it claims nothing. */
  readonly clockSuspect?: boolean;
  /** Its disk does not take what must stand there before a start, so it claims nothing. */
  readonly cannotStart?: boolean;
}

/** A presence as the store holds it. */
export interface KnownWorker extends WorkerPresence {
  /** Lease id. */
  readonly session: string;
  readonly sessionRevision: number;
}

export function writePresence(presence: WorkerPresence): string {
  return JSON.stringify({
    v: 1,
    ...presence,
    startedAt: writeInstant(presence.startedAt),
    eligibleFrom: writeInstant(presence.eligibleFrom),
    ...(presence.drainFrom === undefined ? {} : { drainFrom: writeInstant(presence.drainFrom) }),
  });
}

/** undefined when the bytes hold no presence: such a worker counts for nothing. */
export function readPresence(value: Buffer): WorkerPresence | undefined {
  const raw = readObject(value);
  if (raw === undefined || typeof raw.id !== 'string') return undefined;
  const { v: _version, startedAt, eligibleFrom, drainFrom, group = 'default', labels = {}, ...fields } = raw;
  if (typeof group !== 'string' || !isObject(labels)) return undefined;
  const drain = readInstant(drainFrom);
  return {
    schema: 1,
    ...fields,
    group,
    labels,
    startedAt: readInstant(startedAt) ?? 0,
    eligibleFrom: readInstant(eligibleFrom) ?? 0,
    ...(drain === undefined ? {} : { drainFrom: drain }),
  } as unknown as WorkerPresence;
}

/** What changes often, under `beats/ID`, on the same lease. */
export interface Beat {
  readonly id: string;
  /** The worker's wall clock as it wrote this, epoch milliseconds. */
  readonly clock: number;
  readonly running: number;
  readonly load: number;
  /** Its clock against the others', as it sees it; undefined while alone. */
  readonly clockOffsetMs?: number;
  /** Records waiting for history. */
  readonly undelivered?: number;
  /** How it does; undefined where an older worker does not tell. */
  readonly vitals?: Vitals;
}

export function writeBeat(beat: Beat): string {
  return JSON.stringify({ v: 1, ...beat });
}

export function readBeat(value: Buffer): Beat | undefined {
  const raw = readObject(value);
  if (typeof raw?.id !== 'string' || typeof raw.clock !== 'number') return undefined;
  const { vitals: told, ...beat } = raw;
  const vitals = readVitals(told);
  return { ...beat, ...(vitals && { vitals }) } as unknown as Beat;
}

import type { CoordinationStore } from '@app/etcd';
import type { Clock, Log } from '@app/platform';
import type { WriteCount, WriteKind } from '../claiming/courier.js';
import type { HistogramCounts } from '../measures/histogram.js';
import type { ClaimOutcome, FireOutcome } from '../measures/work-counts.js';
import type { ClockState } from '../policy/clock-guard.js';
import type { EarlierLives } from '../recovery/recovery.js';
import type { JobRegistry } from '../registry/job-registry.js';
import type { OutputPiece, RunHost } from '../running/run-host.js';
import type { BuildOrder } from '../running/run-keeper.js';
import type { RunRecorder } from '../running/run-recorder.js';
import type { Keys } from '../store/keys.js';
import type { WorkerPresence } from '../store/presence.js';
import type { RunEntry } from '../store/run-entry.js';
import type { Vitals } from '../store/vitals.js';

/** A worker's life. What it is made of is handed in, so that the same code runs in a process and in the simulation. */
export interface WorkerEngineOptions {
  readonly store: CoordinationStore;
  readonly keys: Keys;
  /** Shared by the process; the engine starts it where nobody has. */
  readonly registry: JobRegistry;
  readonly clock: Clock;
  readonly log: Log;
  readonly host: RunHost;
  readonly recorder: RunRecorder;
  readonly buildOrder: BuildOrder;
  /** Takes a piece of output of a run. */
  readonly onOutput: (entry: RunEntry, piece: OutputPiece) => void;
  /** What this worker says of itself; `eligibleFrom` and the like are filled in. */
  readonly presence: Omit<WorkerPresence, 'eligibleFrom' | 'startedAt' | 'schema'>;
  /** We hold the lock of the data folder that names this worker id. */
  readonly ownsFolder: boolean;
  /** What the journal says of this worker's earlier lives. */
  readonly earlier: EarlierLives;
  /** How long running jobs may take to end by themselves when the worker is asked to stop. */
  readonly drainMs: number;
  /**
   * Ends what still runs on this machine, by KILL when the grace is over, and the host with it; resolves when every order
   * is answered.
   */
  readonly closeHost: (graceMs: number) => Promise<void>;
  /** What the beats tell of the process around the engine. */
  readonly vitals: () => ProcessVitals;
}

/** How a worker's process does, beside what its engine knows. */
export interface ProcessVitals extends Pick<Vitals, 'loopStallMs' | 'loopWaitMs' | 'spoolBytes' | 'historyAwaySince'> {
  /** CPU load. */
  readonly load: number;
}

/** For the metrics. What counts up does so from the start of the engine. */
export interface EngineStats {
  readonly claims: Readonly<Record<ClaimOutcome, number>>;
  readonly fires: Readonly<Record<FireOutcome, number>>;
  /** Of scheduled fires started, milliseconds. */
  readonly lateness: HistogramCounts;
  /** Transactions by what they are for, many to a request. */
  readonly writes: Readonly<Record<WriteKind, Readonly<WriteCount>>>;
  /** Requests that write: for runs, for beats, and to keep the lease alive. */
  readonly writeRequests: Readonly<Record<'runs' | 'beats' | 'leases', number>>;
  readonly running: number;
  readonly undelivered: number;
  readonly clock: ClockState;
  readonly clockOffsetMs: number | undefined;
  readonly watchLagMs: number;
  readonly hasSession: boolean;
}

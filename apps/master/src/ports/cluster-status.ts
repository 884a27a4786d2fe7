import { WarningCode } from '../words/warning-words.js';
import { Words } from '../words/words.js';
import { WorkerView } from './worker-directory.js';

/** How a master does, as it tells with its presence: now, or of the last minute where that is said. */
export interface MasterVitals {
  /** How far its view of the store may be behind. */
  readonly watchLagMs: number;
  /** The longest time its event loop stood still in the last minute. */
  readonly loopStallMs: number;
  /** For how long of it there was no processor for it; undefined where its system does not tell. */
  readonly loopWaitMs?: number;
  /** Its clock against the workers'; undefined where there is nobody to compare with. */
  readonly clockOffsetMs?: number;
  /** The clock is so far off that it takes no edit, run or drain. */
  readonly isClockStopped: boolean;
}

/** One master, as its presence tells. */
export interface MasterView {
  readonly id: string;
  readonly address: string;
  readonly pid: number;
  readonly version: string;
  readonly isLeader: boolean;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Version of its time zone data; undefined where an older one does not tell. */
  readonly tzVersion?: string;
  /** undefined where an older one does not tell. */
  readonly vitals?: MasterVitals;
}

/** What is not as it should be, in a sentence, with a stable code. */
export interface ClusterWarning {
  readonly code: WarningCode;
  /** `error`: fires or records are at stake, or will be soon. `warning`: it should be seen to. */
  readonly severity: 'warning' | 'error';
  readonly text: Words;
  /** Since when, where that is known: epoch milliseconds. */
  readonly since?: number;
  /** Ids of the workers and masters, or names of the jobs or alarms, it is about, the worst first. */
  readonly about?: readonly string[];
  /** The figures behind it, of the worst where it is about several. Units are in the names. */
  readonly detail?: Readonly<Record<string, number>>;
}

/** What the store grew by while nobody compacted it. */
export interface StoreGrowth {
  /** Since when, epoch milliseconds, and for how long by the monotonic clock. */
  readonly since: number;
  readonly overMs: number;
  /** Negative where it shrank. */
  readonly grownBytes: number;
}

export interface ClusterView {
  readonly masters: readonly MasterView[];
  readonly workers: readonly WorkerView[];
  readonly store: {
    readonly kind: 'etcd' | 'embedded' | 'memory';
    readonly isUp: boolean;
    readonly revision?: number;
    readonly sizeBytes?: number;
    /** What of it is in use: the rest is free for reuse, and given back by defragmenting. */
    readonly inUseBytes?: number;
    readonly quotaBytes?: number;
    readonly alarms: readonly string[];
    readonly members: readonly { id: string; name: string; version: string; isLeader: boolean }[];
  };
  readonly history: {
    readonly kind: 'mongodb' | 'embedded' | 'memory';
    readonly isUp: boolean;
    /** Records that wait for history, as far as this process knows. */
    readonly waitingRecords?: number;
  };
  /** How far the mirror of the store is behind. */
  readonly watchLagMs?: number;
  readonly warnings: readonly ClusterWarning[];
}

/** The health of the whole, for the cluster page. */
export interface ClusterStatus {
  /** Never throws: what is away is part of the answer. */
  read(): Promise<ClusterView>;
}

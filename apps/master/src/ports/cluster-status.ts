import { WarningCode } from '../words/warning-words.js';
import { Words } from '../words/words.js';

/** One master, as its presence tells. */
export interface MasterView {
  readonly id: string;
  readonly address: string;
  readonly pid: number;
  readonly version: string;
  readonly isLeader: boolean;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** What is not as it should be, in a sentence, with a stable code. */
export interface ClusterWarning {
  readonly code: WarningCode;
  readonly text: Words;
}

export interface ClusterView {
  readonly masters: readonly MasterView[];
  readonly store: {
    readonly kind: 'etcd' | 'embedded' | 'memory';
    readonly isUp: boolean;
    readonly revision?: number;
    readonly sizeBytes?: number;
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

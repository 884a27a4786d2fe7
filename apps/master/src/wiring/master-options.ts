import type { Clock, Log, MasterConfig } from '@app/platform';
import type { HttpOptions } from '../master-parts.js';

/** Token of MasterModuleOptions. */
export const MASTER_OPTIONS = Symbol('MasterOptions');

/** What a master is told beside the libraries it stands on. */
export interface MasterModuleOptions {
  /** Unique among masters. */
  readonly id: string;
  /** Where it is reached, for people. */
  readonly address: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: Pick<MasterConfig, 'historyDays' | 'historyKeepPerJob' | 'compact'>;
  readonly http: HttpOptions;
  /** What the stores are, for the cluster page. */
  readonly kinds: { readonly store: 'etcd' | 'embedded' | 'memory'; readonly history: 'mongodb' | 'embedded' };
}

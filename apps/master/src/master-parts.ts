import { CoordinationStore } from '@app/etcd';
import { JobControl } from '@app/jobs';
import { HistoryStore } from '@app/logs';
import { Clock, Log } from '@app/platform';
import { Registry } from 'prom-client';
import { ClusterStatus } from './ports/cluster-status.js';
import { JobCatalog } from './ports/job-catalog.js';
import { LiveRuns } from './ports/live-runs.js';
import { WorkerDirectory } from './ports/worker-directory.js';

/** Settings of the HTTP face. */
export interface HttpOptions {
  /** FLEETCRON_BOOTSTRAP_TOKEN. */
  readonly bootstrapToken?: string;
  /** FLEETCRON_ADMIN_PASSWORD. */
  readonly adminPassword?: string;
  /** Told the path of the one-time sign-in link at the start, while there is no user; undefined: none is made. */
  readonly announceLink?: (path: string) => void;
  /** FLEETCRON_PUBLIC_URL: where people reach us; https there makes the cookie `Secure`. */
  readonly publicUrl?: string;
  /** FLEETCRON_TRUST_PROXY: reverse proxies in front whose X-Forwarded-For is believed. 0: none. */
  readonly trustedProxies: number;
  /** FLEETCRON_METRICS_PUBLIC: /metrics needs no token. */
  readonly isMetricsPublic: boolean;
  /** Folder of the built console; undefined: none is served. */
  readonly consoleDir?: string;
}

/** Everything the HTTP face stands on. The app that wires the master hands it over in one piece. */
export interface MasterParts {
  readonly store: CoordinationStore;
  /** The tenant's, like `/cron`. */
  readonly prefix: string;
  readonly history: HistoryStore;
  readonly jobs: JobControl;
  readonly catalog: JobCatalog;
  readonly liveRuns: LiveRuns;
  readonly workers: WorkerDirectory;
  readonly cluster: ClusterStatus;
  readonly metrics: Registry;
  readonly clock: Clock;
  readonly log: Log;
  readonly options: HttpOptions;
  /** Resolves when all that is answered from memory has been read once: before, it is a part that looks like all. */
  readonly listed: Promise<void>;
  /** What must hold for /readyz, by name; each throws while it does not. */
  readonly readiness: Readonly<Record<string, () => Promise<void>>>;
}

/** Injection token of MasterParts. */
export const MASTER_PARTS = Symbol('MasterParts');

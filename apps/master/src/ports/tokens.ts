/** Injection tokens of the ports, for controllers. Each is provided from MasterParts. */
export const JOB_CONTROL = Symbol('JobControl');
export const JOB_CATALOG = Symbol('JobCatalog');
export const LIVE_RUNS = Symbol('LiveRuns');
export const WORKER_DIRECTORY = Symbol('WorkerDirectory');
export const CLUSTER_STATUS = Symbol('ClusterStatus');
export const HISTORY = Symbol('History');

/** Injection tokens of the ports that controllers ask for by themselves; each is provided from MasterParts. */
export const JOB_CONTROL = Symbol('JobControl');
export const HISTORY = Symbol('History');

import { JobLocks } from '@app/etcd';

/**
 * Where everything stands in the coordination store. One prefix is one tenant. Names hold no `/`, so a key splits one
 * way only.
 */
export class Keys {
  readonly jobs: string;
  readonly cursors: string;
  readonly runs: string;
  readonly locks: string;
  readonly requests: string;
  readonly killers: string;
  readonly workers: string;
  readonly beats: string;
  readonly masters: string;
  readonly versions: string;
  readonly edits: string;
  readonly leader: string;
  readonly epoch: string;
  /** What a transaction says about the locks of jobs. */
  readonly jobLocks: JobLocks;

  constructor(readonly prefix: string) {
    this.jobs = `${prefix}/jobs/`;
    this.cursors = `${prefix}/cursors/`;
    this.runs = `${prefix}/runs/`;
    this.locks = `${prefix}/lock/`;
    this.requests = `${prefix}/requests/`;
    this.killers = `${prefix}/killer/`;
    this.workers = `${prefix}/workers/`;
    this.beats = `${prefix}/beats/`;
    this.masters = `${prefix}/masters/`;
    this.versions = `${prefix}/versions/`;
    this.edits = `${prefix}/edits/`;
    this.leader = `${prefix}/master`;
    this.epoch = `${prefix}/epoch`;
    this.jobLocks = new JobLocks(prefix);
  }

  job(name: string): string {
    return this.jobs + name;
  }

  cursor(name: string): string {
    return this.cursors + name;
  }

  edit(name: string): string {
    return this.edits + name;
  }

  runsOf(name: string): string {
    return `${this.runs}${name}/`;
  }

  run(name: string, runId: string): string {
    return `${this.runs}${name}/${runId}`;
  }

  /** Slot 0 is the plain lock; further ones stand below it. */
  lock(name: string, slot = 0): string {
    return this.jobLocks.keyOf(name, slot);
  }

  requestsOf(name: string): string {
    return `${this.requests}${name}/`;
  }

  request(name: string, runId: string): string {
    return `${this.requests}${name}/${runId}`;
  }

  killer(name: string): string {
    return this.killers + name;
  }

  worker(id: string): string {
    return this.workers + id;
  }

  beat(id: string): string {
    return this.beats + id;
  }

  versionsOf(name: string): string {
    return `${this.versions}${name}/`;
  }

  /** Fixed width, so that versions sort by revision. */
  version(name: string, revision: number): string {
    return `${this.versions}${name}/${String(revision).padStart(16, '0')}`;
  }
}

/** The part of a key below one of the prefixes above. */
export function below(prefix: string, key: string): string {
  return key.slice(prefix.length);
}

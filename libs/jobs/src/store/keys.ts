/**
 * Where everything stands in the coordination store. One prefix is one tenant. Names hold no `/`, so a key splits one
 * way only.
 */
export class Keys {
  constructor(readonly prefix: string) {}

  readonly jobs = `${this.prefix}/jobs/`;
  readonly cursors = `${this.prefix}/cursors/`;
  readonly runs = `${this.prefix}/runs/`;
  readonly locks = `${this.prefix}/lock/`;
  readonly requests = `${this.prefix}/requests/`;
  readonly killers = `${this.prefix}/killer/`;
  readonly workers = `${this.prefix}/workers/`;
  readonly beats = `${this.prefix}/beats/`;
  readonly masters = `${this.prefix}/masters/`;
  readonly versions = `${this.prefix}/versions/`;
  readonly leader = `${this.prefix}/master`;
  readonly epoch = `${this.prefix}/epoch`;

  job(name: string): string {
    return this.jobs + name;
  }

  cursor(name: string): string {
    return this.cursors + name;
  }

  runsOf(name: string): string {
    return `${this.runs}${name}/`;
  }

  run(name: string, runId: string): string {
    return `${this.runs}${name}/${runId}`;
  }

  /** Slot 0 is the plain lock; further ones stand below it. */
  lock(name: string, slot = 0): string {
    return slot === 0 ? this.locks + name : `${this.locks}${name}/${slot}`;
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

/** How runs of one job may overlap. */
export type ConcurrencyPolicy = 'forbid' | 'allow' | 'queue' | 'replace';

/** What becomes of fires found later than `startingDeadlineSeconds`. */
export type MisfirePolicy = 'runOnce' | 'skip' | 'runAll';

export interface Retry {
  /** Attempts after the first; 0 to 100. */
  readonly limit: number;
  readonly delaySeconds: number;
  readonly factor: number;
  readonly maxDelaySeconds: number;
  /** Retry only on these exit codes; undefined: on any failure. */
  readonly onExitCodes?: readonly number[];
}

export interface Routing {
  readonly mode: 'any' | 'broadcast' | 'shard';
  readonly shards?: number;
  /** Only the worker of this id. */
  readonly worker?: string;
  /** Only workers that carry all these labels. */
  readonly selector: Readonly<Record<string, string>>;
}

export interface HttpCall {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * A job, checked and with every default filled in. The document in the store may be as small as
 * `{"name","command","cronExpr"}`; this is what the rest of the program reads. Times are epoch milliseconds.
 */
export interface Job {
  readonly name: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly group: string;
  readonly paused: boolean;
  readonly pausedReason?: string;
  /** The pause ends by itself at this instant. */
  readonly pausedUntil?: number;

  /** Absent: run by hand or by others only. */
  readonly cronExpr?: string;
  readonly timezone: string;
  readonly jitterSeconds: number;
  /** Fires only at or after. */
  readonly startAt?: number;
  /** Fires only before. */
  readonly endAt?: number;
  /** No more fires after this many runs by schedule. */
  readonly maxRuns?: number;
  readonly calendars: readonly string[];

  readonly executor: 'shell' | 'http' | 'handler';
  readonly command?: string;
  readonly http?: HttpCall;
  readonly handler?: string;
  readonly payload?: unknown;
  /** Argument vector the command is appended to. */
  readonly shell: readonly string[];
  readonly workingDirectory?: string;
  readonly user?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** Default values of the parameters a run may be given. */
  readonly params: Readonly<Record<string, string>>;
  readonly successExitCodes: readonly number[];
  /** Kept bytes per stream, head and tail together. */
  readonly outputLimitBytes: number;

  readonly routing: Routing;
  readonly concurrencyPolicy: ConcurrencyPolicy;
  /** Runs at once under `allow`; undefined: no limit. Always 1 under `forbid`. */
  readonly maxConcurrent?: number;
  readonly misfirePolicy: MisfirePolicy;
  readonly startingDeadlineSeconds: number;
  readonly misfireWindowSeconds: number;
  /** undefined: no timeout. */
  readonly timeoutSeconds?: number;
  readonly killGraceSeconds: number;
  readonly retry?: Retry;
  readonly onLost: 'record' | 'retry';
  readonly lostAfterSeconds: number;
  readonly after: readonly { readonly job: string; readonly on: 'success' | 'failure' | 'finish' }[];
  readonly alerts?: unknown;
}

/** What stands under `/cron/jobs/NAME`: a job, or why it is none. */
export type ParsedJob =
  | { readonly ok: true; readonly job: Job; readonly document: JobDocument }
  | {
      readonly ok: false;
      /** In a sentence, for people. */
      readonly reason: string;
      readonly errors: readonly { readonly path: string; readonly message: string }[];
    };

/** A job document as it was put: only the fields somebody wrote, `v` apart unchecked. */
export type JobDocument = Readonly<Record<string, unknown>> & { readonly name: string };

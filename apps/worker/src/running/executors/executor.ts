import type { Job, RunHost, StartOrder } from '@app/jobs';

/** What is decided about a run when it is about to be started, beside its job. */
export interface RunContext {
  readonly runId: string;
  readonly session: string;
  readonly holdsLock: boolean;
  /** Boot clock, milliseconds. */
  readonly notAfterBootMs: number;
  /** Epoch milliseconds. */
  readonly scheduledTime: number;
  /** 1 for the first. */
  readonly attempt: number;
  /** Fencing token, fixed width: a later run of the job has a greater one in plain string order. */
  readonly fence: string;
  /** Parameters this run was given; they go before the job's defaults. */
  readonly params?: Readonly<Record<string, string>>;
  /** Secrets of the job by the variable they are to appear in. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Which part of a sharded run it is; index 0 and up. */
  readonly shard?: { readonly index: number; readonly total: number };
}

/**
 * One way of carrying out a job: `shell`, `http`, `handler`. A new one is a class of this kind, named in the worker's
 * module; nothing else changes.
 */
export interface Executor {
  /** The value of a job's `executor` it carries out. */
  readonly kind: Job['executor'];
  /** Where its orders go. Several executors may share one. */
  readonly host: RunHost;
  /**
   * What is to be started, decided to the last detail. May carry fields of its own for its own host. Throws an Error
   * whose message, a sentence, becomes the reason in the run's record, when the job cannot be started at all.
   */
  order(job: Job, context: RunContext): StartOrder;
}

export const RUN_STATUSES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'timedOut',
  'killed',
  'lost',
  'skipped',
  'missed',
  'cancelled',
] as const;

export type RunStatus = (typeof RUN_STATUSES)[number];

export const TERMINAL_STATUSES = RUN_STATUSES.slice(2) as readonly RunStatus[];

export const RUN_TRIGGERS = [
  'schedule',
  'manual',
  'retry',
  'dependency',
  'backfill',
  'catchUp',
  'broadcast',
  'shard',
] as const;

export type RunTrigger = (typeof RUN_TRIGGERS)[number];

/** Whether runs of this trigger are fires of the job's schedule; all others were asked for, by somebody or by a run. */
export function isFire(trigger: RunTrigger): boolean {
  return trigger === 'schedule' || trigger === 'catchUp';
}

/**
 * One run, or one stretch of fires that were skipped or missed for one reason (`untilTime` and `count` set; then
 * `scheduledTime` is the first and `untilTime` the last of them). Instants are epoch milliseconds.
 */
export interface Run {
  readonly id: string;
  readonly jobName: string;
  readonly trigger: RunTrigger;
  readonly status: RunStatus;
  /** The instant the rule gave; for a request the instant it was asked for. */
  readonly scheduledTime: number;
  readonly untilTime?: number;
  /** Fires this record stands for; 1 but for stretches. */
  readonly count: number;
  /** Only of a queued run that waits, as a retry does for its delay: it is not taken before. No record has it. */
  readonly notBefore?: number;
  readonly claimedAt?: number;
  readonly startTime?: number;
  readonly endTime?: number;
  /** Why it ended so, a stable word with details after a colon: `exit:2`, `overlap: run 01J...`, `workerDied`. */
  readonly reason?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Last 4 KiB of stdout and stderr, lossy UTF-8. */
  readonly output?: string;
  readonly err?: string;
  /** True byte count of both streams, kept or not. */
  readonly outputBytes?: number;
  readonly outputTruncated?: boolean;
  readonly worker?: string;
  readonly workerIp?: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Id of the first attempt; its own id for that one. */
  readonly rootRunId: string;
  readonly shard?: number;
  readonly command?: string;
  /** Parameters that were given with the wish for it. */
  readonly params?: Readonly<Record<string, string>>;
  /** Who asked for it, and for its retries: of runs by hand and backfills. */
  readonly requestedBy?: string;
  /** Fencing token it ran with. */
  readonly fence?: string;
  /** mod_revision of the definition it ran. */
  readonly jobRevision?: number;
  readonly killedBy?: string;
  /** A result that came after the run was declared lost: the record is corrected, the flow is not. */
  readonly late?: boolean;
}

/** True for a status nothing follows on. */
export function isTerminal(status: RunStatus): boolean {
  return status !== 'queued' && status !== 'running';
}

/** Whether it ended by itself, well or not: neither ended by somebody or something else, nor gone before anyone saw. */
export function cameToItsEnd({ status, exitCode }: Pick<Run, 'status' | 'exitCode'>): boolean {
  return status === 'succeeded' || (status === 'failed' && exitCode !== undefined);
}

/** Time from the scheduled to the real start; undefined while not started. */
export function latenessMs(run: Pick<Run, 'startTime' | 'trigger' | 'scheduledTime'>): number | undefined {
  return run.startTime === undefined || run.trigger !== 'schedule' ? undefined : run.startTime - run.scheduledTime;
}

/** undefined while not ended or never started. */
export function durationMs(run: Pick<Run, 'startTime' | 'endTime'>): number | undefined {
  return run.startTime === undefined || run.endTime === undefined ? undefined : run.endTime - run.startTime;
}

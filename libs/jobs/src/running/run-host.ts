/** Everything needed to start one process, decided. Nothing here is looked up again. */
export interface StartOrder {
  readonly runId: string;
  readonly jobName: string;
  /** Session (lease) the run belongs to; decides its ownership deadline. */
  readonly session: string;
  /** Whether the run holds its job's lock: then the ownership deadline ends it. */
  readonly holdsLock: boolean;
  /** Added to the session's deadline for this run (its job's lostAfterSeconds), in milliseconds. */
  readonly ownershipGraceMs: number;
  /** Not started after this instant of the boot clock (milliseconds). Compared immediately before the spawn. */
  readonly notAfterBootMs: number;
  /** Argument vector; the first is the program. */
  readonly argv: readonly string[];
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** Name of the system user to run as; undefined: the worker's own. */
  readonly user?: string;
  readonly timeoutMs?: number;
  readonly killGraceMs: number;
  /** Kept bytes per stream: half from the head, half from the tail. */
  readonly outputLimitBytes: number;
}

export type OutputStream = 'stdout' | 'stderr';

/** A piece of output as it came, in order per run. */
export interface OutputPiece {
  readonly runId: string;
  /** 0, 1, 2... per run over both streams. */
  readonly seq: number;
  readonly stream: OutputStream;
  /** Wall clock, epoch milliseconds, at which the piece was read. */
  readonly at: number;
  /** Offset of the first byte in its stream, counting what was cut. */
  readonly offset: number;
  readonly data: Buffer;
  /** Bytes of this stream left out immediately before this piece. */
  readonly cutBefore: number;
}

/** How a process ended. */
export interface RunEnd {
  readonly runId: string;
  /** Wall clock, epoch milliseconds. */
  readonly startTime: number;
  readonly endTime: number;
  readonly exitCode?: number;
  readonly signal?: string;
  /**
   * Why it was ended from outside, if it was. `timeout`: its own timeoutMs; `asked`: a kill by `kill()`;
   * `ownership`: the session's deadline passed; `hostDied`: the supervisor died and its groups were killed.
   */
  readonly killedFor?: 'timeout' | 'asked' | 'ownership' | 'hostDied';
  readonly outputBytes: number;
  readonly outputTruncated: boolean;
  /** Last 4 KiB of each stream, lossy UTF-8. */
  readonly outputTail: string;
  readonly errTail: string;
}

/** Why a run did not start. Certain: no process of it was ever there. */
export interface StartRefusal {
  readonly runId: string;
  /**
   * `tooLate`: notAfter passed; `journal`: could not be journalled; `spawn`: the system refused; `killed`: a kill came
   * before the start; `closing`.
   */
  readonly why: 'tooLate' | 'journal' | 'spawn' | 'killed' | 'closing';
  /** In a sentence, for the record. */
  readonly detail: string;
}

export interface RunHostListener {
  started(runId: string, pid: number, startTime: number): void;
  refused(refusal: StartRefusal): void;
  output(piece: OutputPiece): void;
  ended(end: RunEnd): void;
  /** Nothing can be started here for now, and why; orders wait. The host says when asked whether it can again. */
  unable(reason: string): void;
}

/**
 * Starts and ends processes on this machine: the worker's view of its supervisor. Each order is answered by exactly one
 * of `refused` or `ended` (after `started`), whatever happens to the supervisor in between.
 */
export interface RunHost {
  /** Set once, before the first order. */
  listen(listener: RunHostListener): void;
  start(order: StartOrder): void;
  /** TERM, the grace, KILL, then what escaped the group. Repeating it is safe; unknown runs are ignored. */
  kill(runId: string): void;
  /**
   * The session's ownership deadline, on the boot clock in milliseconds: `ownershipGraceMs` after it, each of its
   * lock-holding runs is ended, whatever the worker does. Told every second; a later call replaces the deadline.
   */
  setSessionDeadline(session: string, deadlineBootMs: number): void;
  /** The run now belongs to another session. Called only after the store acknowledged it. */
  rebind(runId: string, session: string): void;
  /**
   * The store has acknowledged the end of the run: nobody will ask the journal about it any more. Optional; a host that
   * is never told forgets the oldest ends by itself.
   */
  settled?(runId: string): void;
  /** Whether a run could be started now. Rejects, with the reason, where what must be written first cannot be. */
  canStart(): Promise<boolean>;
}

/** What a supervisor or a journal knows of one run when its worker is gone. */
export interface Testimony {
  readonly runId: string;
  readonly jobName: string;
  readonly session: string;
  /**
   * `neverStarted`: no process of it was ever there; `ended`: it ended by itself with this result; `killed`: it was
   * alive and was killed because the worker died; `mayHaveStarted`: the journal stops in between.
   */
  readonly state: 'neverStarted' | 'ended' | 'killed' | 'mayHaveStarted';
  readonly end?: RunEnd;
}

/** What the last-words program is told on its standard input, as one JSON document. */
export interface LastWords {
  readonly session: string;
  readonly workerId: string;
  /** True: all processes of the session are proven gone. */
  readonly proven: boolean;
  /** Every run that was started and is not settled is among `runs`: one that is absent was never started. */
  readonly isWhole: boolean;
  readonly runs: readonly Testimony[];
}

import type { OutputPiece, RunEnd, StartOrder, StartRefusal } from '@app/jobs';

/** What the worker tells its supervisor. Types only are imported here: the supervisor loads nothing of the worker. */
export type ToSupervisor =
  | { readonly t: 'start'; readonly order: StartOrder }
  | { readonly t: 'kill'; readonly runId: string }
  | { readonly t: 'deadline'; readonly session: string; readonly bootMs: number }
  | { readonly t: 'rebind'; readonly runId: string; readonly session: string }
  | { readonly t: 'settled'; readonly runId: string }
  | { readonly t: 'ping' }
  /** Refuse what waits, end what runs within `graceMs`, then exit. */
  | { readonly t: 'close'; readonly graceMs: number };

/** What the supervisor tells its worker. The bytes of an `output` travel as the frame's payload. */
export type ToWorker =
  | { readonly t: 'ready' }
  | {
      readonly t: 'started';
      readonly runId: string;
      readonly pid: number;
      /** The kernel's start time of the process; with the pid it names one process for ever. */
      readonly startTicks?: number;
      readonly startTime: number;
    }
  | { readonly t: 'refused'; readonly refusal: StartRefusal }
  | { readonly t: 'output'; readonly piece: Omit<OutputPiece, 'data'> }
  | { readonly t: 'ended'; readonly end: RunEnd }
  | { readonly t: 'pong' };

/** How a supervisor is told what it serves: one JSON argument on its command line. No secrets: `ps` shows it. */
export interface SupervisorConfig {
  /** Folder of the journal; created if absent. */
  readonly journalFolder: string;
  readonly workerId: string;
  /** Sessions of this worker that began under an earlier supervisor, oldest first. */
  readonly earlierSessions: readonly string[];
  /** Program and arguments that speak the last words; undefined: none are spoken. */
  readonly lastWords?: readonly string[];
}

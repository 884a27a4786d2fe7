import type { Run } from '../run/run.js';

/** What became of a record handed to history. */
export interface Receipt {
  /** Resolves when history itself has it. Never rejects: history being down means waiting. */
  readonly stored: Promise<void>;
  /** Resolves when it is safe on this machine's disk (or stored). Rejects when the disk refuses it. */
  readonly spooled: Promise<void>;
}

/** Where scheduling hands its records over. Implemented by the log sink. Recording the same run again is safe. */
export interface RunRecorder {
  record(run: Run): Receipt;
}

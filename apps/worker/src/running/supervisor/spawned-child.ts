import type { Readable } from 'node:stream';

/** How a process ended: by itself with a code, or by a signal. */
export interface ChildExit {
  readonly code?: number;
  readonly signal?: string;
}

/** A process that is there, with both its output streams. */
export interface SpawnedChild {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Never rejects. */
  readonly exited: Promise<ChildExit>;
}

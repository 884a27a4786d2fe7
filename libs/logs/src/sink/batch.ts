import { Receipt, Run } from '@app/jobs';
import { OutputChunk } from '../port/history-store.js';
import { takesOver } from '../record/precedence.js';
import { Deferred } from './deferred.js';
import { Entry, sizeOf } from './entry.js';

/**
 * Records and chunks that travel together, and the one receipt of them all: a promise per batch, not per record, keeps
 * an hour-long outage cheap. A later record of the same run takes the place of the earlier one.
 */
export class Batch {
  private readonly runs = new Map<string, Run>();
  private readonly chunks: OutputChunk[] = [];
  private readonly stored = new Deferred();
  private readonly spooled = new Deferred();

  /** Shared by all records of the batch. */
  readonly receipt: Receipt = { stored: this.stored.promise, spooled: this.spooled.promise };
  bytes = 0;

  get size(): number {
    return this.runs.size + this.chunks.length;
  }

  /** Output first: whoever sees that a run has ended finds all of its output. */
  get entries(): readonly Entry[] {
    return [
      ...this.chunks.map((chunk): Entry => ({ kind: 'output', chunk })),
      ...[...this.runs.values()].map((run): Entry => ({ kind: 'run', run })),
    ];
  }

  addRun(run: Run): void {
    const earlier = this.runs.get(run.id);
    if (earlier !== undefined && !takesOver(run, earlier)) return;
    if (earlier !== undefined) this.bytes -= sizeOf({ kind: 'run', run: earlier });
    this.runs.set(run.id, run);
    this.bytes += sizeOf({ kind: 'run', run });
  }

  addChunk(chunk: OutputChunk): void {
    this.chunks.push(chunk);
    this.bytes += sizeOf({ kind: 'output', chunk });
  }

  /** History has all of it. */
  markStored(): void {
    this.stored.resolve();
    this.spooled.resolve();
  }

  /** The disk has all of it, and memory no longer: its receipt may wait as long as history is away. */
  markSpooled(): void {
    this.runs.clear();
    this.chunks.length = 0;
    this.spooled.resolve();
  }

  /** The disk refused; the batch stays in memory and may still be stored. */
  markUnspooled(error: unknown): void {
    this.spooled.reject(error);
  }
}

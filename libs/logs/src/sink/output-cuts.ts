import { isTerminal, OutputStream, Run } from '@app/jobs';
import { OutputChunk } from '../port/history-store.js';

/** Runs remembered at most; of one that is forgotten a cut inside its output shows only as a jump of the offsets. */
const MAX_RUNS = 10_000;

/**
 * Remembers output that had to be dropped, so that the cut is marked: the next chunk of the stream tells how much is
 * missing before it, and the record of the run says that output was cut.
 */
export class OutputCuts {
  /** Bytes dropped in all. */
  droppedBytes = 0;

  private readonly byRun = new Map<string, Partial<Record<OutputStream, number>>>();

  drop(chunk: OutputChunk): void {
    this.droppedBytes += chunk.data.length;
    const known = this.byRun.get(chunk.runId) ?? {};
    // To the end of the map: the oldest is the first to be forgotten.
    this.byRun.delete(chunk.runId);
    this.byRun.set(chunk.runId, {
      ...known,
      [chunk.stream]: (known[chunk.stream] ?? 0) + chunk.cutBefore + chunk.data.length,
    });
    if (this.byRun.size > MAX_RUNS) this.byRun.delete(this.byRun.keys().next().value as string);
  }

  /** The chunk, telling what was dropped immediately before it. */
  markChunk(chunk: OutputChunk): OutputChunk {
    const known = this.byRun.get(chunk.runId);
    const missing = known?.[chunk.stream];
    if (known === undefined || missing === undefined || missing === 0) return chunk;
    this.byRun.set(chunk.runId, { ...known, [chunk.stream]: 0 });
    return { ...chunk, cutBefore: chunk.cutBefore + missing };
  }

  /** The record, saying that output was cut if it was. An ended run is forgotten: no more output comes. */
  markRun(run: Run): Run {
    if (!this.byRun.has(run.id)) return run;
    if (isTerminal(run.status)) this.byRun.delete(run.id);
    return { ...run, outputTruncated: true };
  }
}

import { Run } from '@app/jobs';
import { Clock, Log, StoreUnavailable } from '@app/platform';
import { HistoryStore, OutputChunk } from '../port/history-store.js';
import { withDeadline } from '../port/with-deadline.js';
import { Entry } from './entry.js';
import { RefusedFile } from './refused-file.js';

/**
 * Hands entries to the store and finds the one it chokes on. StoreUnavailable means "again later" and is passed on. Any
 * other error is about what was given: the entries are halved until the culprit stands alone; a run is tried once more
 * without its free text, and what is still refused is put aside, so that nothing waits behind it.
 */
export class Delivery {
  storedRuns = 0;
  storedChunks = 0;

  constructor(
    private readonly store: HistoryStore,
    private readonly refused: RefusedFile,
    private readonly clock: Clock,
    private readonly deadlineMs: number,
    private readonly log: Log,
  ) {}

  /**
   * Resolves with true when every entry is stored or put aside. Calls back before that when all output is; where that
   * says no, the runs are left to somebody else, and it resolves with false. Throws StoreUnavailable; delivering again is
   * safe.
   */
  async deliver(entries: readonly Entry[], outputStored: () => boolean = () => true): Promise<boolean> {
    const chunks = entries.flatMap((entry) => (entry.kind === 'output' ? [entry.chunk] : []));
    const runs = entries.flatMap((entry) => (entry.kind === 'run' ? [entry.run] : []));
    await this.writeHalving(
      chunks,
      (part) => this.writeChunks(part),
      (chunk, error) => this.setChunkAside(chunk, error),
    );
    if (!outputStored()) return false;
    await this.writeHalving(
      runs,
      (part) => this.writeRuns(part),
      (run, error) => this.writeShrunk(run, error),
    );
    return true;
  }

  /** Throws StoreUnavailable when the store does not answer in time. */
  async ping(): Promise<void> {
    await withDeadline(this.clock, this.deadlineMs, 'ping history', this.store.ping());
  }

  private async writeHalving<T>(
    items: readonly T[],
    write: (part: readonly T[]) => Promise<void>,
    onRefused: (item: T, error: unknown) => Promise<void>,
  ): Promise<void> {
    if (items.length === 0) return;
    try {
      await write(items);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      if (items.length === 1) return onRefused(items[0] as T, error);
      const middle = items.length >> 1;
      await this.writeHalving(items.slice(0, middle), write, onRefused);
      await this.writeHalving(items.slice(middle), write, onRefused);
    }
  }

  private async writeRuns(runs: readonly Run[]): Promise<void> {
    await withDeadline(this.clock, this.deadlineMs, 'write runs', this.store.writeRuns(runs));
    this.storedRuns += runs.length;
  }

  private async writeChunks(chunks: readonly OutputChunk[]): Promise<void> {
    await withDeadline(this.clock, this.deadlineMs, 'write output', this.store.writeOutput(chunks));
    this.storedChunks += chunks.length;
  }

  private async writeShrunk(run: Run, why: unknown): Promise<void> {
    try {
      await this.writeRuns([withoutText(run)]);
      this.log.error('history refused a record; it is kept without output and command', {
        ...factsOf(run),
        error: why,
      });
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.log.error('history refuses a record; it is put aside', { ...factsOf(run), error });
      await this.refused.add({ kind: 'run', run }, error);
    }
  }

  private async setChunkAside(chunk: OutputChunk, error: unknown): Promise<void> {
    this.log.error('history refuses a piece of output; it is put aside', { ...factsOf(chunk), error });
    await this.refused.add({ kind: 'output', chunk }, error);
  }
}

/** The record without what a job or a person wrote into it. */
export function withoutText(run: Run): Run {
  const { output, err, command, ...facts } = run;
  const reason = run.reason?.slice(0, 1_000);
  return { ...facts, reason, outputTruncated: run.outputTruncated || Boolean(output) || Boolean(err) };
}

function factsOf(item: Run | OutputChunk): Record<string, unknown> {
  return 'runId' in item
    ? { runId: item.runId, seq: item.seq, bytes: item.data.length }
    : { runId: item.id, jobName: item.jobName, status: item.status };
}

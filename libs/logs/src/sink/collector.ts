import { Receipt, Run } from '@app/jobs';
import { CancelTimer, Clock } from '@app/platform';
import { OutputChunk } from '../port/history-store.js';
import { Batch } from './batch.js';
import { LogSinkTuning } from './options.js';

/** Gathers what is handed in into batches and gives each out when it is full or old enough. */
export class Collector {
  private batch: Batch | undefined;
  private cancelTimer: CancelTimer = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly tuning: LogSinkTuning,
    private readonly onBatch: (batch: Batch) => void,
  ) {}

  /** Bytes gathered and not yet given out. */
  get bytes(): number {
    return this.batch?.bytes ?? 0;
  }

  get size(): number {
    return this.batch?.size ?? 0;
  }

  addRun(run: Run): Receipt {
    const batch = this.opened();
    batch.addRun(run);
    this.giveOutIfFull(batch);
    return batch.receipt;
  }

  addChunk(chunk: OutputChunk): void {
    const batch = this.opened();
    batch.addChunk(chunk);
    this.giveOutIfFull(batch);
  }

  /** Gives out what there is, full or not. */
  giveOut(): void {
    const batch = this.batch;
    this.cancelTimer();
    this.batch = undefined;
    if (batch) this.onBatch(batch);
  }

  private opened(): Batch {
    if (this.batch) return this.batch;
    this.batch = new Batch();
    this.cancelTimer = this.clock.timer(this.tuning.batchMs, () => this.giveOut());
    return this.batch;
  }

  private giveOutIfFull(batch: Batch): void {
    if (batch.size >= this.tuning.batchRecords || batch.bytes >= this.tuning.batchBytes) this.giveOut();
  }
}

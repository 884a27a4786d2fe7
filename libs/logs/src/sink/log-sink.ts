import { join } from 'node:path';
import { Receipt, Run, RunRecorder } from '@app/jobs';
import { Clock, Log, within } from '@app/platform';
import { HistoryStore, OutputChunk } from '../port/history-store.js';
import { Batch } from './batch.js';
import { Collector } from './collector.js';
import { Deferred } from './deferred.js';
import { Delivery, withoutText } from './delivery.js';
import { sizeOf } from './entry.js';
import { DEFAULT_TUNING, LogSinkStats, LogSinkTuning } from './options.js';
import { OutputCuts } from './output-cuts.js';
import { RefusedFile } from './refused-file.js';
import { Replay } from './replay.js';
import { Spool } from './spool.js';

/** A single record or chunk larger than this gets no place in memory. */
const MAX_ENTRY_BYTES = 8 * 1024 * 1024;
/** Bytes that go to disk with one sync. */
const MAX_APPEND_BYTES = 4 * 1024 * 1024;
/** Pause before the disk is tried again after it refused. */
const DISK_RETRY_MS = 1_000;
/** Batches on their way to the store at once: one is made ready while the store writes the other. */
const MOST_IN_FLIGHT = 2;
/** Left in the spool, below which new batches no longer go there, but to the store once it is empty. */
const NEARLY_DONE_BYTES = 1024 * 1024;

interface Flight {
  readonly batch: Batch;
  readonly since: number;
  isOutputStored: boolean;
}

/**
 * Takes records and output, at once and without ever failing, and sees to it that history has them, once, however long
 * that takes.
 *
 * Two modes. `direct`: batches go to the store, two at a time; entered at the start when no spool is left, and again
 * when the spool is all but delivered. `spooling`: batches go to disk; entered when the store fails, misses its
 * deadline, or is slow while more is coming, and for good by `close`. While there is a spool the replay delivers it,
 * oldest first. The order of records does not matter to the store: its rule on statuses gives the same result for any.
 * A record is given to it after all output that was handed in before.
 */
export class LogSink implements RunRecorder {
  private readonly tuning: LogSinkTuning;
  private readonly cuts = new OutputCuts();
  private readonly refused: RefusedFile;
  private readonly delivery: Delivery;
  private readonly collector: Collector;

  private mode: 'direct' | 'spooling' = 'direct';
  private isClosed = false;
  private delayedSince: number | undefined;
  private lastError: string | undefined;

  private spool: Spool | undefined;
  private replay: Replay | undefined;
  /** Full batches on their way to store or disk, oldest first. */
  private waiting: Batch[] = [];
  /** Oldest first. */
  private readonly inFlight = new Set<Flight>();
  private appending: Promise<void> | undefined;
  private isDiskRefusing = false;
  /** What is on disk comes first, for output of what waits may be there: since then, or since the store took some of it. */
  private behindSpoolSince: number | undefined;
  /** Batches given out by the collector that are neither stored nor on disk, and their bytes. */
  private readonly unsafe = new Set<Batch>();
  private unsafeBytes = 0;
  private emptied = new Deferred();

  /** `folder` is this sink's own, created when needed. Before `start` it only collects. */
  constructor(
    store: HistoryStore,
    private readonly folder: string,
    private readonly clock: Clock,
    private readonly log: Log,
    tuning: Partial<LogSinkTuning> = {},
  ) {
    this.tuning = { ...DEFAULT_TUNING, ...tuning };
    this.refused = new RefusedFile(join(folder, 'refused.jsonl'), log);
    this.delivery = new Delivery(store, this.refused, clock, this.tuning.storeDeadlineMs, log);
    this.collector = new Collector(clock, this.tuning, (batch) => this.take(batch));
  }

  /** Opens the spool and begins to deliver, what an earlier process left first. Rejects when the folder is unusable. */
  async start(): Promise<void> {
    const spool = await this.openSpool();
    if (spool.bytes > 0) {
      this.log.info('records of an earlier process wait on disk and are delivered first', { bytes: spool.bytes });
      this.setSpooling();
      this.replay?.run(false);
    }
    this.advance();
  }

  record(run: Run): Receipt {
    const marked = this.cuts.markRun(run);
    const isTooMuch = this.isMemoryFull() || sizeOf({ kind: 'run', run }) > MAX_ENTRY_BYTES;
    return this.collector.addRun(isTooMuch ? withoutText(marked) : marked);
  }

  /** Takes a piece of output. It is dropped, and the cut marked, when neither store nor disk nor memory has room. */
  appendOutput(chunk: OutputChunk): void {
    const isOverQuota = (this.spool?.bytes ?? 0) + this.waitingBytes > this.tuning.spoolOutputBytes;
    if (isOverQuota || this.isMemoryFull() || chunk.data.length > MAX_ENTRY_BYTES) this.cuts.drop(chunk);
    else this.collector.addChunk(this.cuts.markChunk(chunk));
  }

  /** Resolves when all that was handed in so far is stored or on disk. Rejects when the disk refuses it. */
  async flush(): Promise<void> {
    this.collector.giveOut();
    await Promise.all([...this.unsafe].map((batch) => batch.receipt.spooled));
  }

  /**
   * Ends delivery within `deadlineMs`: what the store does not take in half of it goes to disk, for the next start.
   * What is handed in later goes to disk as well. Rejects when the disk refuses or is too slow. Closing again is safe.
   */
  async close(deadlineMs: number): Promise<void> {
    await this.openSpool();
    await this.within(deadlineMs / 2, this.flush());
    this.isClosed = true;
    this.setSpooling();
    this.replay?.stop();
    this.giveUp([...this.inFlight]);
    this.advance();
    this.collector.giveOut();
    const isSafe = await this.within(deadlineMs / 2, this.allSafe());
    if (!isSafe) {
      this.log.error('records could be handed neither to history nor to the disk', { records: this.waitingRecords });
      throw new Error(`${this.waitingRecords} records could be handed neither to history nor to the disk`);
    }
    await this.appending;
    await this.spool?.close();
  }

  stats(): LogSinkStats {
    return {
      mode: this.mode,
      delayedSince: this.delayedSince,
      waitingRecords: this.waitingRecords,
      waitingBytes: this.waitingBytes,
      spoolBytes: this.spool?.bytes ?? 0,
      spoolSegments: this.spool?.segmentCount ?? 0,
      storedRuns: this.delivery.storedRuns,
      storedChunks: this.delivery.storedChunks,
      droppedOutputBytes: this.cuts.droppedBytes,
      refused: this.refused.count,
      lastError: this.lastError,
    };
  }

  private async openSpool(): Promise<Spool> {
    if (this.spool) return this.spool;
    this.spool = await Spool.open(this.folder, this.tuning.segmentBytes, this.log);
    this.replay = new Replay(this.spool, this.delivery, this.clock, this.log, this.tuning, {
      failed: (error) => {
        this.storeFailed(error);
        // What waited for the spool to be delivered goes there itself.
        this.advance();
      },
      advanced: (unreadBytes) => this.storeTook(unreadBytes),
    });
    return this.spool;
  }

  private get waitingBytes(): number {
    return this.unsafeBytes + this.collector.bytes;
  }

  private get waitingRecords(): number {
    return [...this.unsafe].reduce((sum, batch) => sum + batch.size, this.collector.size);
  }

  private isMemoryFull(): boolean {
    return this.waitingBytes > this.tuning.memoryBytes;
  }

  private take(batch: Batch): void {
    this.unsafe.add(batch);
    this.unsafeBytes += batch.bytes;
    this.waiting.push(batch);
    this.advance();
  }

  private markSafe(batch: Batch): void {
    if (this.unsafe.delete(batch)) this.unsafeBytes -= batch.bytes;
    if (this.unsafe.size === 0) this.emptied.resolve();
  }

  private async allSafe(): Promise<void> {
    if (this.unsafe.size === 0) return;
    this.emptied = new Deferred();
    await this.emptied.promise;
  }

  /** Moves what waits one step on, if the step is free. */
  private advance(): void {
    if (!this.spool || this.waiting.length === 0) return;
    if (this.mode === 'direct' && this.isStoreSlow()) this.setSpooling();
    if (this.mode === 'direct') {
      while (this.mayDeliver()) void this.deliverNext();
    } else if (!this.appending && !this.isDiskRefusing) {
      this.appending = this.appendNext(this.spool);
    }
  }

  private isStoreSlow(): boolean {
    const [oldest] = this.inFlight;
    const since = this.behindSpoolSince ?? oldest?.since;
    return since !== undefined && this.clock.monotonic() - since > this.tuning.slowMs;
  }

  private mayDeliver(): boolean {
    if (this.behindSpoolSince !== undefined || this.waiting.length === 0 || this.inFlight.size >= MOST_IN_FLIGHT)
      return false;
    return [...this.inFlight].every(({ isOutputStored }) => isOutputStored);
  }

  private async deliverNext(): Promise<void> {
    const batch = this.waiting.shift() as Batch;
    const flight: Flight = { batch, since: this.clock.monotonic(), isOutputStored: false };
    this.inFlight.add(flight);
    try {
      const isWhole = await this.delivery.deliver(batch.entries, () => {
        flight.isOutputStored = true;
        this.advance();
        return this.inFlight.has(flight);
      });
      if (isWhole) {
        batch.markStored();
        this.markSafe(batch);
        if (this.mode === 'direct') this.noteReturn();
      }
    } catch (error) {
      // One that was given up before is on its way to the disk.
      if (this.inFlight.delete(flight)) {
        this.waiting.unshift(batch);
        this.storeFailed(error);
      }
    }
    this.inFlight.delete(flight);
    this.advance();
  }

  private async appendNext(spool: Spool): Promise<void> {
    const batches = this.takeForAppend();
    try {
      const end = await spool.append(batches.flatMap((batch) => batch.entries));
      this.replay?.expect(end, batches);
      for (const batch of batches) {
        batch.markSpooled();
        this.markSafe(batch);
      }
      this.appending = undefined;
      this.replay?.run(false);
      this.advance();
    } catch (error) {
      this.log.error('the disk refuses the spool; records wait in memory', { folder: this.folder, error });
      for (const batch of batches) batch.markUnspooled(error);
      this.waiting.unshift(...batches);
      this.appending = undefined;
      this.isDiskRefusing = true;
      this.replay?.run(true);
      this.clock.timer(DISK_RETRY_MS, () => {
        this.isDiskRefusing = false;
        this.advance();
      });
    }
  }

  private takeForAppend(): readonly Batch[] {
    let bytes = 0;
    const tooMany = this.waiting.findIndex((batch, index) => {
      bytes += batch.bytes;
      return index > 0 && bytes > MAX_APPEND_BYTES;
    });
    return this.waiting.splice(0, tooMany === -1 ? this.waiting.length : tooMany);
  }

  private storeFailed(error: unknown): void {
    this.lastError = error instanceof Error ? error.message : String(error);
    this.setSpooling();
    this.replay?.run(true);
  }

  private storeTook(unreadBytes: number): void {
    if (this.isClosed || (this.mode === 'spooling' && unreadBytes > NEARLY_DONE_BYTES)) return;
    const isBehind = unreadBytes > 0 || this.appending !== undefined;
    if (this.mode === 'direct') {
      if (this.behindSpoolSince === undefined) return;
    } else {
      this.mode = 'direct';
    }
    this.behindSpoolSince = isBehind ? this.clock.monotonic() : undefined;
    if (isBehind) return;
    // What is still in memory is the proof: with nothing on disk only a ping was answered, and a store on a full disk answers that.
    if (this.unsafe.size === 0) this.noteReturn();
    this.advance();
  }

  private noteReturn(): void {
    this.lastError = undefined;
    if (this.delayedSince === undefined) return;
    this.log.info('history takes records again', { delayedMs: this.clock.now() - this.delayedSince });
    this.delayedSince = undefined;
  }

  private setSpooling(): void {
    if (this.mode === 'spooling') return;
    this.mode = 'spooling';
    this.behindSpoolSince = undefined;
    // Output on its way goes to disk before what comes later: it must not come to history behind that.
    this.giveUp([...this.inFlight].filter(({ isOutputStored }) => !isOutputStored));
    if (this.delayedSince !== undefined) return;
    this.delayedSince = this.clock.now();
    if (!this.isClosed)
      this.log.warn('history does not take records in time; they wait on disk', { error: this.lastError });
  }

  /** Has these, in the order they came, go to disk before all that waits. */
  private giveUp(flights: readonly Flight[]): void {
    for (const flight of flights) this.inFlight.delete(flight);
    this.waiting.unshift(...flights.map(({ batch }) => batch));
  }

  /** True when it resolved in time; false when it rejected or did not. */
  private within(limitMs: number, work: Promise<void>): Promise<boolean> {
    const done = work.then(
      () => true,
      () => false,
    );
    return within(this.clock, limitMs, done, false);
  }
}

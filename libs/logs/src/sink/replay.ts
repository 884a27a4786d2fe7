import { Clock, Log, pause } from '@app/platform';
import { Batch } from './batch.js';
import { Delivery } from './delivery.js';
import { LogSinkTuning } from './options.js';
import { compareSpoolPositions, Spool, SpoolBatch, SpoolPosition } from './spool.js';

/** A store that is too slow for this many entries is waited for. */
const LEAST_AT_ONCE = 5;

/** What the sink is told while the spool is delivered. */
export interface ReplayListener {
  /** The store did not take it; it is tried again after a pause. */
  failed(error: unknown): void;
  /** The store answered and so many bytes are left to read; 0 when it is over. */
  advanced(unreadBytes: number): void;
}

/**
 * Delivers the spool, oldest first, until nothing is left. While the store is in doubt it is only pinged, with growing
 * pauses, so that nothing large is sent into a black hole.
 */
export class Replay {
  private readonly stopping = new AbortController();
  /** Batches on disk whose receipts wait for history, in the order of the spool. */
  private readonly expected: { readonly end: SpoolPosition; readonly batches: readonly Batch[] }[] = [];
  private isRunning = false;
  /** `run` was called since the last read: more may have come. */
  private isWanted = false;
  private isInDoubt = false;
  private pauseMs: number;
  /** Given out by the spool and not yet delivered, but for its first entries. */
  private held: SpoolBatch | undefined;
  private delivered = 0;
  /** Entries that go to the store at once: fewer after a failure, for what takes too long is never acknowledged. */
  private size: number;

  constructor(
    private readonly spool: Spool,
    private readonly delivery: Delivery,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly tuning: LogSinkTuning,
    private readonly listener: ReplayListener,
  ) {
    this.pauseMs = tuning.retryMinMs;
    this.size = tuning.batchRecords;
  }

  /** The batches lie in the spool before `end`; their receipts are settled when that was delivered. */
  expect(end: SpoolPosition, batches: readonly Batch[]): void {
    this.expected.push({ end, batches });
  }

  /** Sees to it that delivery is going on. `isInDoubt`: the store failed a moment ago. */
  run(isInDoubt: boolean): void {
    this.isInDoubt ||= isInDoubt;
    this.isWanted = true;
    if (this.isRunning || this.stopping.signal.aborted) return;
    this.isRunning = true;
    void this.loop();
  }

  /** Ends delivery; what was not acknowledged stays on disk. */
  stop(): void {
    this.stopping.abort();
  }

  private async loop(): Promise<void> {
    let isPausing = this.isInDoubt;
    while (!this.stopping.signal.aborted) {
      if (isPausing) await this.pauseLonger();
      if (this.stopping.signal.aborted) return;
      try {
        const isMore = await this.step();
        // What failed meanwhile was told to `run`: without the pause a store that fails at once is asked in every turn.
        isPausing = this.isInDoubt;
        if (isMore || this.isWanted) continue;
        // In one go with the look at isWanted, so that no call to run is lost.
        this.isRunning = false;
        return;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.isInDoubt = true;
        isPausing = true;
        this.listener.failed(error);
      }
    }
  }

  /** False when nothing is left. */
  private async step(): Promise<boolean> {
    if (this.isInDoubt) await this.delivery.ping();
    if (this.stopping.signal.aborted) return false;
    this.isInDoubt = false;
    this.isWanted = false;
    this.held ??= await this.spool.read(this.tuning.batchRecords, this.tuning.batchBytes);
    if (this.held === undefined) {
      this.pauseMs = this.tuning.retryMinMs;
      this.listener.advanced(0);
      return false;
    }
    const { entries, end } = this.held;
    while (this.delivered < entries.length) await this.deliverSome(entries);
    this.pauseMs = this.tuning.retryMinMs;
    this.held = undefined;
    this.delivered = 0;
    this.settle(end);
    await this.spool.acknowledge();
    this.log.debug('delivered from the spool', { entries: entries.length, unreadBytes: this.spool.unreadBytes });
    this.listener.advanced(this.spool.unreadBytes);
    return true;
  }

  /** What was acknowledged of a batch is not sent again when the rest is. */
  private async deliverSome(entries: SpoolBatch['entries']): Promise<void> {
    const some = entries.slice(this.delivered, this.delivered + this.size);
    try {
      await this.delivery.deliver(some);
    } catch (error) {
      this.size = Math.max(LEAST_AT_ONCE, Math.floor(this.size / 2));
      throw error;
    }
    this.delivered += some.length;
    this.size = Math.min(this.tuning.batchRecords, this.size + Math.ceil(this.size / 4));
  }

  private settle(end: SpoolPosition): void {
    while (this.expected[0] && compareSpoolPositions(this.expected[0].end, end) <= 0) {
      for (const batch of this.expected.shift()?.batches ?? []) batch.markStored();
    }
  }

  private async pauseLonger(): Promise<void> {
    const pauseMs = this.pauseMs;
    this.pauseMs = Math.min(pauseMs * 2, this.tuning.retryMaxMs);
    await pause(this.clock, pauseMs, this.stopping.signal);
  }
}

/** How the sink weighs delay, memory and disk against each other. Every field has a default. */
export interface LogSinkTuning {
  /** A batch is full with so many records and chunks, */
  readonly batchRecords: number;
  /** or so many bytes, */
  readonly batchBytes: number;
  /** or this long after its first record. */
  readonly batchMs: number;
  /** A call to the store that takes longer counts as failed. */
  readonly storeDeadlineMs: number;
  /** A call that takes longer makes what comes after it go to disk meanwhile. */
  readonly slowMs: number;
  /** Pause before the store is tried again: doubled from the first to the second. */
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  /** Bytes that may wait in memory (both store and disk refusing); beyond, output is dropped and records lose their tails. */
  readonly memoryBytes: number;
  /** Bytes the spool may hold before output is dropped. Records are never dropped for it. */
  readonly spoolOutputBytes: number;
  /** A spool file is closed at this size, and deleted when all of it was delivered. */
  readonly segmentBytes: number;
}

export const DEFAULT_TUNING: LogSinkTuning = {
  batchRecords: 500,
  batchBytes: 1024 * 1024,
  batchMs: 200,
  storeDeadlineMs: 10_000,
  slowMs: 1_000,
  retryMinMs: 250,
  retryMaxMs: 15_000,
  memoryBytes: 32 * 1024 * 1024,
  spoolOutputBytes: 1024 * 1024 * 1024,
  segmentBytes: 8 * 1024 * 1024,
};

/** What the sink holds and has done since it started; for health, metrics and the console. */
export interface LogSinkStats {
  /** `direct`: batches go straight to the store. `spooling`: they go to disk, and from there when the store is back. */
  readonly mode: 'direct' | 'spooling';
  /** Wall clock at which the store stopped taking batches; undefined in direct mode. */
  readonly delayedSince?: number;
  /** Records and chunks in memory, and their approximate size. */
  readonly waitingRecords: number;
  readonly waitingBytes: number;
  /** Bytes on disk not yet delivered, and files that hold them. */
  readonly spoolBytes: number;
  readonly spoolSegments: number;
  /** Delivered to the store; what was delivered twice after a crash counts twice. */
  readonly storedRuns: number;
  readonly storedChunks: number;
  /** Output that found neither store nor room. */
  readonly droppedOutputBytes: number;
  /** Records and chunks that the store will never take, put aside in `refused.jsonl`. */
  readonly refused: number;
  /** The store's last complaint; undefined when it has been well since. */
  readonly lastError?: string;
}

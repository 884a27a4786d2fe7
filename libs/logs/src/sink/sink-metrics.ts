import type { ReadMetrics } from '@app/platform';
import type { LogSinkStats } from './options.js';

/** Adds to a process's metrics what waits for history, and what history will never have. */
export function registerSinkMetrics(metrics: ReadMetrics, stats: () => LogSinkStats): void {
  metrics.gauge('history_waiting_records', 'Records in memory that wait for history', () => stats().waitingRecords);
  metrics.gauge('history_spool_bytes', 'Bytes on disk that wait for history', () => stats().spoolBytes);
  metrics.gauge('history_is_spooling', '1 while history takes nothing in time', () =>
    stats().mode === 'spooling' ? 1 : 0,
  );
  metrics.counter(
    'history_dropped_output_bytes_total',
    'Output dropped for want of room',
    () => stats().droppedOutputBytes,
  );
  metrics.counter('history_refused_total', 'Records and chunks that history will never take', () => stats().refused);
}

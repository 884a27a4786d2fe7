import type { EngineStats } from '@app/jobs';
import { LogSink, type LogSinkStats } from '@app/logs';
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { WorkerService } from '../worker.service.js';

/** What a worker says of itself to Prometheus: read when asked, never counted twice. */
@Injectable()
export class WorkerMetrics {
  readonly registry = new Registry();

  constructor(worker: WorkerService, sink: LogSink) {
    registerWorkerMetrics(
      this.registry,
      () => worker.engine?.stats,
      () => sink.stats(),
    );
    collectDefaultMetrics({ register: this.registry });
  }
}

/** Adds a worker's gauges to a registry; `engine` is undefined while the worker is not up. */
export function registerWorkerMetrics(
  registry: Registry,
  engine: () => EngineStats | undefined,
  sink: () => LogSinkStats,
): void {
  const gauge = (name: string, help: string, read: () => number | undefined): void => {
    new Gauge({
      name: `fleetcron_${name}`,
      help,
      registers: [registry],
      collect() {
        const value = read();
        if (value !== undefined) this.set(value);
      },
    });
  };
  gauge('worker_running', 'Runs this worker has now', () => engine()?.running);
  gauge('worker_has_session', '1 while it has the right to claim', () => (engine()?.hasSession ? 1 : 0));
  gauge('worker_claim_requests_total', 'Write requests sent to the coordination store', () => engine()?.claimRequests);
  gauge(
    'worker_refused_total',
    'Claims refused because another worker had decided',
    () => engine()?.refusedBecauseDecided,
  );
  gauge('worker_undelivered', 'Decisions that wait in the store for history', () => engine()?.undelivered);
  gauge('worker_clock_offset_ms', 'This clock minus the others', () => engine()?.clockOffsetMs);
  gauge('worker_watch_lag_ms', 'How far the mirror of the jobs may be behind', () => engine()?.watchLagMs);
  gauge('history_waiting_records', 'Records that wait for history', () => sink().waitingRecords);
  gauge('history_spool_bytes', 'Bytes spooled on disk', () => sink().spoolBytes);
  gauge('history_dropped_output_bytes_total', 'Output dropped for want of room', () => sink().droppedOutputBytes);
}

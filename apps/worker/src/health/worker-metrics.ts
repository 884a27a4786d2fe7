import type { EngineStats } from '@app/jobs';
import { LogSink, registerSinkMetrics } from '@app/logs';
import { ReadMetrics, type Standstill } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { WorkerService } from '../worker.service.js';

/** What a worker says of itself to Prometheus: read when asked, never counted twice. */
@Injectable()
export class WorkerMetrics {
  readonly registry = new Registry();

  constructor(worker: WorkerService, sink: LogSink) {
    registerWorkerMetrics(
      this.registry,
      () => worker.engine?.stats,
      () => worker.standstill,
    );
    registerSinkMetrics(new ReadMetrics(this.registry), () => sink.stats());
    collectDefaultMetrics({ register: this.registry });
  }
}

/** Adds a worker's metrics to a registry; `engine` gives undefined while the worker is not up. */
export function registerWorkerMetrics(
  registry: Registry,
  engine: () => EngineStats | undefined,
  standstill: () => Standstill,
): void {
  const metrics = new ReadMetrics(registry);

  metrics.histogram(
    'worker_lateness_seconds',
    'From when scheduled fires were due to their start; neither catch-ups nor fires that waited for a lock',
    0.001,
    () => engine()?.lateness,
  );
  metrics.counters('worker_fires_total', 'Fires decided, by what was decided', 'outcome', () => engine()?.fires);
  metrics.counters(
    'worker_claims_total',
    'Claims sent, by what the store said; decided: another worker had been first; unanswered ones were sent again',
    'outcome',
    () => {
      const stats = engine();
      return stats && { ...stats.claims, unanswered: stats.writes.claims.unanswered };
    },
  );
  metrics.counters('worker_writes_total', 'Transactions sent for runs, many to a request', 'kind', () => {
    const { claims, finishes, deletes, other } = engine()?.writes ?? {};
    if (!claims || !finishes || !deletes || !other) return undefined;
    return { claims: claims.sent, finishes: finishes.sent, deletes: deletes.sent, other: other.sent };
  });
  metrics.counters(
    'worker_write_requests_total',
    'Requests sent to the coordination store that write, by what for',
    'for',
    () => engine()?.writeRequests,
  );

  metrics.gauge('worker_running', 'Runs this worker has now', () => engine()?.running);
  metrics.gauge('worker_has_session', '1 while it has the right to claim', () => (engine()?.hasSession ? 1 : 0));
  metrics.gauge('worker_undelivered', 'Decisions that wait in the store for history', () => engine()?.undelivered);
  metrics.gauge('worker_clock_offset_ms', 'This clock minus the others', () => engine()?.clockOffsetMs);
  metrics.gauge('worker_watch_lag_ms', 'How far what it watches may be behind', () => engine()?.watchLagMs);
  metrics.gauge(
    'worker_loop_stall_ms',
    'Longest time the event loop stood still in the last minute',
    () => standstill().loopStallMs,
  );
  metrics.gauge(
    'worker_loop_wait_ms',
    'For how long of it there was no processor for it',
    () => standstill().loopWaitMs,
  );
}

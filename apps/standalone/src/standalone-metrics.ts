import { Injectable } from '@nestjs/common';
import { MasterService } from '../../master/src/wiring/master.service.js';
import { registerWorkerMetrics } from '../../worker/src/health/worker-metrics.js';
import { WorkerService } from '../../worker/src/worker.service.js';

/** One process, one /metrics: the worker's stand beside the master's. */
@Injectable()
export class StandaloneMetrics {
  constructor(master: MasterService, worker: WorkerService) {
    const stats = () => worker.engine?.stats;
    registerWorkerMetrics(master.parts.metrics, stats, () => worker.standstill);
  }
}

import { readFileSync } from 'node:fs';
import { Cluster } from '../../support/cluster.js';
import { supervisorsOf } from '../../support/processes.js';
import { figureIn, metricsOf } from '../prometheus.js';

/** Clock ticks of /proc/PID/stat per second, as on every Linux of today. */
const TICKS_PER_SECOND = 100;

/** What etcd was asked to write since it began; beats are among the proposals, kept leases are not. */
export interface Writes {
  readonly proposals: number;
  readonly beats: number;
  readonly keepAlives: number;
}

/** Processor time by who used it, ms. */
export interface Processor {
  readonly masters: number;
  readonly workers: number;
  readonly supervisors: number;
}

/** A fleet under measurement, seen from outside. */
export class FleetWatch {
  private beats = 0;
  private stopWatching: () => Promise<void> = async () => undefined;

  private constructor(private readonly cluster: Cluster) {}

  static async on(cluster: Cluster): Promise<FleetWatch> {
    const watch = new FleetWatch(cluster);
    const watcher = await cluster.etcd.watch().prefix('/cron/beats/').create();
    watcher.on('put', () => watch.beats++);
    watch.stopWatching = () => watcher.cancel();
    return watch;
  }

  /** A write request is a proposal to the members of etcd; reads and kept leases are none. */
  async writes(): Promise<Writes> {
    const text = await metricsOf(this.cluster.lab.server.metricsUrl);
    return {
      proposals: figureIn(text, 'etcd_server_proposals_committed_total'),
      beats: this.beats,
      keepAlives: Number(/^grpc_server_msg_received_total\{[^}]*"LeaseKeepAlive"[^}]*\} (\S+)$/m.exec(text)?.[1]),
    };
  }

  /** Claims that were refused because another worker had decided, over all workers. */
  refused(): Promise<number> {
    return this.sum('fleetcron_worker_claims_total{outcome="decided"}');
  }

  private async sum(metric: string): Promise<number> {
    const texts = await Promise.all(this.cluster.workers.map(({ url }) => metricsOf(`${url}/metrics`)));
    return texts.reduce((sum, text) => sum + figureIn(text, metric), 0);
  }

  /** Processor time so far of masters, workers and their supervisors, without what they run. */
  async used(): Promise<Processor> {
    const workers = this.cluster.workers.map(({ pid }) => pid);
    return {
      masters: sumOf(this.cluster.masters.map(({ pid }) => pid)),
      workers: sumOf(workers),
      supervisors: sumOf(await supervisorsOf(workers)),
    };
  }

  /** Stops looking. */
  close(): Promise<void> {
    return this.stopWatching();
  }
}

function sumOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
}

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

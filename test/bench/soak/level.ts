import { readdirSync } from 'node:fs';
import { Program } from '../../support/cluster/program.js';
import { Cluster, Underway } from '../../support/cluster.js';
import { memoryMib } from '../../support/processes.js';
import { figureIn, metricsOf } from '../prometheus.js';

/** What a fleet holds at one moment. */
export interface Held {
  /** Resident, MiB, by program. */
  readonly memoryMib: Readonly<Record<string, number>>;
  /** Open file descriptors, by program. */
  readonly descriptors: Readonly<Record<string, number>>;
  /** Size of the database of etcd on disk, bytes, and what of it is in use. */
  readonly etcdBytes: number;
  readonly etcdBytesInUse: number;
  /** Keys of what is under way. */
  readonly keys: Readonly<Record<Underway, number>>;
}

/** What masters, workers and etcd hold now. Programs that are down are left out. */
export async function heldBy(cluster: Cluster): Promise<Held> {
  const up = [...cluster.masters, ...cluster.workers].filter(({ isUp }) => isUp);
  const text = await metricsOf(cluster.lab.server.metricsUrl);
  return {
    memoryMib: byName(up, ({ pid }) => Math.round(memoryMib(pid))),
    descriptors: byName(up, ({ pid }) => readdirSync(`/proc/${pid}/fd`).length),
    etcdBytes: figureIn(text, 'etcd_mvcc_db_total_size_in_bytes'),
    etcdBytesInUse: figureIn(text, 'etcd_mvcc_db_total_size_in_use_in_bytes'),
    keys: await cluster.underway(),
  };
}

/**
 * The most a program had of something in the last third of the samples, in shares of the most it had in the third before:
 * of that program of which it grew most.
 */
export function growth(samples: readonly Held[], of: (held: Held) => Readonly<Record<string, number>>): number {
  const third = Math.floor(samples.length / 3);
  const most = (some: readonly Held[], name: string): number => Math.max(...some.map((held) => of(held)[name] ?? 0));
  const names = new Set(samples.flatMap((held) => Object.keys(of(held))));
  return Math.max(
    ...[...names].map((name) => most(samples.slice(-third), name) / most(samples.slice(-2 * third, -third), name)),
  );
}

function byName(programs: readonly Program[], of: (program: Program) => number): Record<string, number> {
  return Object.fromEntries(programs.map((program) => [program.name, of(program)]));
}

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { percentile } from '../accounting/percentile.js';
import { findEtcd } from '../support/etcd-server.js';

const FOLDER = 'test/bench/results';

/** What a measurement must come to, and what it came to; a number that is none (NaN) does not hold. */
export type Limit = {
  /** In words, as it is printed: `first fire after the start of a worker`. */
  readonly what: string;
  readonly measured: number;
  /** Follows both numbers: `ms`, `MiB`, `times the floor`. */
  readonly unit: string;
} & ({ readonly atMost: number } | { readonly atLeast: number });

/** A list of values, summed up; in the unit of the values. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Read as the program begins, so that it says what the machine was busy with besides. */
const loadBefore = loadavg();
const startedAt = new Date();

/**
 * Ends a measurement: prints for each limit whether it holds, and writes limits and raw figures (floors among them) with
 * a description of the machine to `test/bench/results/NAME.json`. Sets the exit code to 1 where a limit does not hold;
 * the caller goes on to clean up. Run from the root of the repository; once per program.
 */
export function report(name: string, figures: Readonly<Record<string, unknown>>, limits: readonly Limit[]): void {
  const judged = limits.map((limit) => ({ ...limit, holds: holds(limit) }));
  for (const limit of judged) console.error(`${(limit.holds ? 'holds' : 'DOES NOT HOLD').padEnd(14)}${inWords(limit)}`);
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}/${name}.json`;
  writeFileSync(file, `${JSON.stringify({ name, machine: machine(), limits: judged, figures }, undefined, 2)}\n`);
  console.error(`written to ${file}`);
  if (judged.some((limit) => !limit.holds)) process.exitCode = 1;
}

/** Sums values up, in any order; each figure is one of the values, rounded to three decimals. NaN where there is none. */
export function spread(values: readonly number[]): Spread {
  const ascending = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    return Math.round(percentile(ascending, share) * 1_000) / 1_000;
  };
  return { count: values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function holds(limit: Limit): boolean {
  return 'atMost' in limit ? limit.measured <= limit.atMost : limit.measured >= limit.atLeast;
}

function inWords(limit: Limit): string {
  const bound = 'atMost' in limit ? `at most ${limit.atMost}` : `at least ${limit.atLeast}`;
  return `${limit.what}: ${Number(limit.measured.toPrecision(4))} ${limit.unit} (${bound})`;
}

/** Where and when it was measured. Load averages are those of 1, 5 and 15 minutes. */
function machine() {
  const etcd = findEtcd();
  return {
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1_000),
    cores: availableParallelism(),
    cpu: cpus()[0]?.model,
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    system: `${systemName()}, Linux ${release()}`,
    node: process.version,
    etcd: etcd && firstLine(etcd, '--version'),
    loadBefore,
    loadAfter: loadavg(),
    revision: firstLine('git', 'rev-parse', 'HEAD'),
    /** Whether what was measured differs from that revision. */
    isChanged: firstLine('git', 'status', '--porcelain', '--', '.', `:!${FOLDER}`) !== '',
  };
}

function systemName(): string {
  return /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
}

function firstLine(program: string, ...args: readonly string[]): string {
  return spawnSync(program, args).stdout.toString().split('\n', 1)[0] ?? '';
}

import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnInOwnSession } from './own-session.js';

/** A real etcd of one member, on loopback, with a folder of its own. */
export interface EtcdServer {
  /** What it is: `etcd Version: 3.4.23`. */
  readonly description: string;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly port: number;
  /** Where it tells its metrics to Prometheus. */
  readonly metricsUrl: string;
  /** Ends the process without warning, and starts it again on the same data. */
  restart(): Promise<void>;
  /** Stops it as it stands (SIGSTOP): there, but not answering. Resolves once it has stopped. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends the process without warning; `start` brings it back. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** The certificate it made for itself when started with `--auto-tls`, PEM. */
  clientCertificate(): Buffer;
  /** Ends the process, and removes its data where nobody said where to keep them. */
  stop(): Promise<void>;
}

/** Where an etcd is to be, for one that people use; tests let the system choose and leave nothing. */
export interface EtcdPlace {
  /** Its data stay here. */
  readonly folder: string;
  readonly port: number;
}

export const HOW_TO_GET_ETCD = 'install the package etcd-server (Debian, Ubuntu), or name the program in ETCD_BIN';

/**
 * The etcd to use: `ETCD_BIN`, or `etcd` from the PATH; undefined when there is none, or FLEETCRON_TEST_SERVICES=none asks
 * to do without.
 */
export function findEtcd(): string | undefined {
  if (process.env.FLEETCRON_TEST_SERVICES === 'none') return undefined;
  const binary = process.env.ETCD_BIN ?? 'etcd';
  return spawnSync(binary, ['--version']).status === 0 ? binary : undefined;
}

/**
 * Whether tests on a real etcd can run. Where there is none it says so on the terminal, once; with
 * FLEETCRON_REQUIRE_SERVICES=1 it throws instead.
 */
export function hasEtcd(): boolean {
  if (findEtcd() !== undefined) return true;
  if (process.env.FLEETCRON_REQUIRE_SERVICES === '1') throw new Error(`There is no etcd: ${HOW_TO_GET_ETCD}.`);
  process.stderr.write(
    `\nLEFT OUT: tests on a real etcd, for there is none. To have them run, ${HOW_TO_GET_ETCD}.\n\n`,
  );
  return false;
}

/** Starts an etcd for a test; `flags` are added to its command line. The caller stops it. */
export async function startEtcd(...flags: readonly string[]): Promise<EtcdServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetcron-etcd-'));
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  const binary = findEtcd() ?? '';
  const unsafe = ['--unsafe-no-fsync'].filter(() => knowsNoFsync(binary));
  return startEtcdAt({ folder, port: await freePort() }, [...unsafe, ...flags], forget);
}

/** Starts an etcd in a place of its own; its data outlive it unless `forget` removes them. The caller stops it. */
export async function startEtcdAt(
  { folder, port }: EtcdPlace,
  flags: readonly string[] = [],
  forget: () => void = () => {},
): Promise<EtcdServer> {
  const binary = findEtcd();
  if (binary === undefined) throw new Error('There is no etcd to start.');
  const peerPort = await freePort();
  const scheme = flags.includes('--auto-tls') ? 'https' : 'http';
  const [client, peer, metrics] = [
    `${scheme}://127.0.0.1:${port}`,
    `http://127.0.0.1:${peerPort}`,
    `http://127.0.0.1:${await freePort()}`,
  ];
  let child: ChildProcess;

  const start = async (): Promise<void> => {
    child = spawnInOwnSession(
      binary,
      [
        ...['--name', 'test', '--data-dir', join(folder, 'data'), '--logger', 'zap', '--log-level', 'error'],
        ...['--listen-client-urls', client, '--advertise-client-urls', client],
        ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `test=${peer}`],
        ...['--listen-metrics-urls', metrics],
        ...flags,
      ],
      { stdio: 'ignore' },
    );
    await untilHealthy(metrics, child);
  };
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  await start().catch(async (error: unknown) => {
    await kill();
    forget();
    throw error;
  });
  return {
    description: spawnSync(binary, ['--version']).stdout.toString().split('\n', 1)[0] ?? 'etcd',
    host: `127.0.0.1:${port}`,
    port,
    metricsUrl: `${metrics}/metrics`,
    start,
    kill,
    pause: async () => {
      child.kill('SIGSTOP');
      while (!isStopped(child.pid!)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    resume: () => void child.kill('SIGCONT'),
    restart: async () => {
      await kill();
      await start();
    },
    clientCertificate: () => readFileSync(join(folder, 'data/fixtures/client/cert.pem')),
    stop: async () => {
      await kill();
      forget();
    },
  };
}

/**
 * A TCP port on loopback that was free a moment ago: below those the system gives to outgoing connections, so that it is
 * still free when a server comes back to it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** Whether every thread of a process has stopped: a signal takes its time. Linux. */
function isStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) =>
    / T /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
  );
}

/** This very port where it is free, any other one otherwise. */
export async function portNear(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isFree) return freePort();
  server.close();
  await once(server, 'close');
  return wanted;
}

function knowsNoFsync(binary: string): boolean {
  return spawnSync(binary, ['--help']).stdout.toString().includes('unsafe-no-fsync');
}

/** Resolves once the member has a leader and answers; rejects when the process ends, or after 20 s. */
async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (child.exitCode !== null) throw new Error(`etcd ended with code ${child.exitCode}.`);
    if (await isHealthy(url)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('etcd did not become healthy within 20 s.');
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) });
    return ((await response.json()) as { health: string }).health === 'true';
  } catch {
    return false;
  }
}

import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Etcd3 } from 'etcd3';
import { API_TOKEN, Api } from './cluster/api.js';
import { buildApps } from './cluster/built-apps.js';
import { Program } from './cluster/program.js';
import { EtcdLab } from './etcd-lab.js';
import { MongoServer } from './mongo-server.js';
import { startTcpProxy, TcpProxy } from './tcp-proxy.js';
import { until } from './until.js';

/** What may differ from one cluster to another. */
export interface ClusterOptions {
  /** How many masters; 2 unless said otherwise. */
  readonly masters?: number;
  /** How many workers; 3 unless said otherwise. */
  readonly workers?: number;
  /** Whether masters serve the console. */
  readonly hasConsole?: boolean;
  /** Where programs, data and logs are; `.cache/cluster` unless said otherwise. */
  readonly home?: string;
  /** Whether each worker has a way of its own to etcd, which can be cut and costs a little time. */
  readonly hasWaysToStore?: boolean;
  /** Added to the command line of etcd. */
  readonly etcdFlags?: readonly string[];
  /** Variables of a master or worker beside those every one has. */
  readonly environmentOf?: (program: string) => Readonly<Record<string, string>>;
}

const UNDERWAY = ['runs', 'lock', 'requests'] as const;

/** A kind of keys that are there only while something is under way. */
export type Underway = (typeof UNDERWAY)[number];

/** Clusters of this process so far: each has a history of its own. */
let started = 0;

/**
 * A whole fleetcron: etcd, MongoDB behind a proxy that can be cut, masters and workers as real processes, each with a
 * folder of its own. What they log and leave stays in its home until the next start.
 */
export class Cluster {
  /** etcd as any foreign client sees it. */
  readonly etcd: Etcd3;
  readonly masters: readonly Program[];
  readonly workers: readonly Program[];

  private constructor(
    private readonly home: string,
    readonly lab: EtcdLab,
    /** The only way to history. */
    readonly historyWay: TcpProxy,
    /** The only way of each worker to etcd; none where they go directly. */
    readonly waysToStore: readonly TcpProxy[],
    apps: Record<'master' | 'worker', string>,
    historyUrl: string,
    { masters = 2, workers = 3, environmentOf = () => ({}) }: ClusterOptions,
  ) {
    this.etcd = lab.library();
    const common = {
      PATH: process.env.PATH ?? '',
      FLEETCRON_HISTORY: historyUrl,
      FLEETCRON_HTTP_PORT: '0',
    };
    const program = (name: string, path: string, own: Record<string, string>): Program =>
      new Program(name, path, { ...common, ...own, ...environmentOf(name) }, resolve(`${home}/log/${name}.log`));
    this.masters = numbered('master', masters).map((name) =>
      program(name, apps.master, {
        FLEETCRON_STORE: `etcd://${lab.server.host}/cron`,
        FLEETCRON_BOOTSTRAP_TOKEN: API_TOKEN,
      }),
    );
    this.workers = numbered('worker', workers).map((name, index) => {
      const { host } = waysToStore[index] ?? lab.server;
      const own = { FLEETCRON_WORKER_ID: name, FLEETCRON_DATA: this.file(name) };
      return program(name, apps.worker, { FLEETCRON_STORE: `etcd://${host}/cron`, ...own });
    });
  }

  /** Builds what is stale and starts everything; resolves once all masters and workers are ready. */
  static async start(mongo: MongoServer, options: ClusterOptions = {}): Promise<Cluster> {
    const cluster = await Cluster.prepare(mongo, options);
    await cluster.startAll().catch(async (error: unknown) => {
      await cluster.stop();
      throw error;
    });
    return cluster;
  }

  /** Builds what is stale and starts the stores alone: masters and workers wait to be started. */
  static async prepare(mongo: MongoServer, options: ClusterOptions = {}): Promise<Cluster> {
    const { hasConsole, hasWaysToStore, home = '.cache/cluster', workers = 3, etcdFlags = [] } = options;
    const apps = buildApps(`${home}/apps`, 'master', 'worker');
    if (hasConsole) buildApps(`${home}/apps`, 'console');
    for (const folder of ['data', 'log']) {
      rmSync(`${home}/${folder}`, { recursive: true, force: true });
      mkdirSync(`${home}/${folder}`, { recursive: true });
    }
    const history = new URL(mongo.uri(`fleetcron_cluster_${process.pid}_${++started}`));
    const way = await startTcpProxy(Number(history.port || '27017'));
    history.host = way.host;
    history.searchParams.set('directConnection', 'true');
    const lab = await EtcdLab.start(...etcdFlags);
    const ways = await Promise.all(Array.from({ length: hasWaysToStore ? workers : 0 }, () => lab.proxy()));
    return new Cluster(home, lab, way, ways, apps, history.href, options);
  }

  /** Starts those of all masters and workers that are not up; resolves once all are ready. */
  async startAll(): Promise<void> {
    const programs = [...this.masters, ...this.workers];
    // Each is asked as soon as it answers: one whose clock is wrong is ready for a moment only.
    await Promise.all(
      programs.map(async (program) => {
        if (!program.isUp) await program.start();
        await program.ready();
      }),
    );
    await until(
      'all workers are eligible',
      async () => {
        const { json } = await this.api().get('/workers');
        return json.items.filter(({ state }: { state: string }) => state !== 'starting').length === this.workers.length;
      },
      30_000,
    );
  }

  /** The API of a master, of any that is up unless said which. */
  api(master = this.masters.find(({ isUp }) => isUp)): Api {
    if (!master) throw new Error('no master is up');
    return new Api(master.url);
  }

  /** A path in the folder of this cluster. */
  file(name: string): string {
    return join(resolve(this.home), 'data', name);
  }

  /** Puts bytes under a key, as `etcdctl put` does. */
  async put(key: string, value: string | Buffer): Promise<void> {
    await this.etcd.put(key).value(value);
  }

  /** The keys below a prefix, without it. */
  async keysBelow(prefix: string): Promise<string[]> {
    const keys = await this.etcd.getAll().prefix(prefix).keys();
    return keys.map((key) => key.slice(prefix.length)).sort();
  }

  /** How many runs, locks and requests stand in etcd. */
  async underway(): Promise<Record<Underway, number>> {
    const counts = UNDERWAY.map(async (kind) => [kind, (await this.keysBelow(`/cron/${kind}/`)).length] as const);
    return Object.fromEntries(await Promise.all(counts)) as Record<Underway, number>;
  }

  /** Ends everything; files stay for whoever wants to know why. */
  async stop(): Promise<void> {
    const programs = [...this.masters, ...this.workers].filter(({ isUp }) => isUp);
    for (const program of programs) program.signal('SIGCONT');
    for (const program of programs) program.signal('SIGTERM');
    await Promise.all(programs.map((program) => program.exit()));
    await this.lab.close();
    await this.historyWay.close();
  }
}

function numbered(kind: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`);
}

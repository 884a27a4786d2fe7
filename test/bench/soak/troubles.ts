import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Cluster } from '../../support/cluster.js';
import { supervisorsOf } from '../../support/processes.js';
import { Direction } from '../../support/tcp-proxy.js';

/** Chooses: a number in [0, 1), the same row of them for the same seed. */
export type Random = () => number;

/** Something that goes wrong for a while and is over when it resolves; gives what it was, in words. */
type Trouble = (cluster: Cluster, random: Random) => Promise<string>;

/** Mulberry32: small, and even enough to choose what breaks. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of all troubles. What was ended is up again when it resolves, and what was cut is whole. */
export function anyTrouble(cluster: Cluster, random: Random): Promise<string> {
  return oneOf(TROUBLES, random)(cluster, random);
}

const TROUBLES: readonly Trouble[] = [
  async (cluster, random) => {
    const worker = oneOf(cluster.workers, random);
    await worker.kill();
    await away(random, 1, 15);
    await worker.start();
    return `${worker.name} killed`;
  },
  async (cluster, random) => {
    const worker = oneOf(cluster.workers, random);
    await worker.kill();
    await rm(cluster.file(worker.name), { recursive: true, force: true });
    await away(random, 1, 15);
    await worker.start();
    return `${worker.name} killed, its data folder lost`;
  },
  async (cluster, random) => {
    const worker = oneOf(cluster.workers, random);
    for (const pid of await supervisorsOf([worker.pid])) process.kill(pid, 'SIGKILL');
    return `supervisor of ${worker.name} killed`;
  },
  async (cluster, random) => {
    const worker = oneOf(cluster.workers, random);
    worker.signal('SIGSTOP');
    const ms = await away(random, 2, 25);
    worker.signal('SIGCONT');
    return `${worker.name} stood still for ${ms} ms`;
  },
  async (cluster, random) => {
    for (const worker of cluster.workers) {
      await worker.restart();
      await away(random, 1, 4);
    }
    return 'workers restarted one after the other';
  },
  async (cluster, random) => {
    await cluster.lab.server.kill();
    const ms = await away(random, 1, 12);
    await cluster.lab.server.start();
    return `etcd killed for ${ms} ms`;
  },
  async (cluster, random) => {
    cluster.historyWay.isRefusing = true;
    cluster.historyWay.cut();
    const ms = await away(random, 5, 30);
    cluster.historyWay.isRefusing = false;
    return `history away for ${ms} ms`;
  },
  async (cluster, random) => {
    const masters = random() < 0.5 ? cluster.masters : [oneOf(cluster.masters, random)];
    await Promise.all(masters.map((master) => master.kill()));
    const ms = await away(random, 1, 20);
    await Promise.all(masters.map((master) => master.start()));
    return `${masters.map(({ name }) => name).join(' and ')} killed for ${ms} ms`;
  },
  async (cluster, random) => {
    const index = Math.floor(random() * cluster.workers.length);
    const way = cluster.waysToStore[index]!;
    const directions = oneOf<readonly Direction[]>([['toServer'], ['toClient'], ['toServer', 'toClient']], random);
    way.hold(...directions);
    const ms = await away(random, 2, 20);
    way.heal();
    return `${cluster.workers[index]!.name} and etcd parted for ${ms} ms: ${directions.join(' and ')} held back`;
  },
  async (cluster, random) => {
    const index = Math.floor(random() * cluster.workers.length);
    const way = cluster.waysToStore[index]!;
    for (const until = Date.now() + 10_000; Date.now() < until; await delay(100 + random() * 900)) way.cut();
    return `connections of ${cluster.workers[index]!.name} to etcd cut again and again for 10 s`;
  },
];

async function away(random: Random, fromSeconds: number, toSeconds: number): Promise<number> {
  const ms = Math.round((fromSeconds + random() * (toSeconds - fromSeconds)) * 1_000);
  await delay(ms);
  return ms;
}

function oneOf<T>(choices: readonly T[], random: Random): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

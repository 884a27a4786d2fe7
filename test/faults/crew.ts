import { readFile } from 'node:fs/promises';
import { readProcessTable } from '../../apps/worker/src/running/processes/process-table.js';
import { Stage } from '../accounting/stage.js';
import { Program } from '../support/cluster/program.js';
import { Cluster, ClusterOptions } from '../support/cluster.js';
import { MongoServer } from '../support/mongo-server.js';
import { until } from '../support/until.js';
import { buildTell } from './tell.js';

/** Every-second jobs with the policies they have when nobody says otherwise. */
const CREW = Array.from({ length: 60 }, (_, index) => `crew-${String(index).padStart(2, '0')}`);
/** Every second, 200 ms long, no overlap: what a lock that outlives its holder would hurt first. */
export const STEADY = 'steady';
const SHORT_MS = 40;
const STEADY_MS = 200;

/** A cluster under sixty fires a second and one steady job, all telling the truth. The caller strikes the stage. */
export async function setCrew(mongo: MongoServer, options: ClusterOptions = {}): Promise<Stage> {
  const tell = buildTell();
  const cluster = await Cluster.start(mongo, { home: '.cache/faults', ...options });
  const stage = Stage.on(cluster, (file, commands) => `exec ${tell} ${file} ${commands}`);
  await Promise.all(CREW.map((name) => stage.putTelling(name, 'forbid', String(SHORT_MS))));
  await stage.putTelling(STEADY, 'forbid', String(STEADY_MS));
  await stage.untilAllTick(Date.now(), 30_000);
  return stage;
}

/** Pids of everything that the runs of a worker are made of: what its supervisor started, and what came of that. */
export async function runningUnder(worker: Program): Promise<number[]> {
  const { processes, runIds } = await readProcessTable();
  const isBelow = (pid: number): boolean => {
    for (let at = pid; at > 1; at = processes.find((each) => each.pid === at)?.parent ?? 0) {
      if (at === worker.pid) return true;
    }
    return false;
  };
  return [...runIds.keys()].filter(isBelow);
}

/**
 * Resolves once every process of a run has a worker above it that is up; rejects when one still has none after two seconds.
 * To be asked while a worker is dead, and before it is started again.
 */
export async function untilNoOrphans({ cluster }: Stage): Promise<void> {
  const isOurs = (pid: number): Promise<boolean> =>
    readFile(`/proc/${pid}/cmdline`, 'utf8').then(
      (words) => words.includes(cluster.file('truth')),
      () => false,
    );
  await until(
    'nothing is left of the runs of a dead worker',
    async () => {
      const up = cluster.workers.filter(({ isUp }) => isUp);
      const looked = [...(await readProcessTable()).runIds.keys()];
      const owned = new Set((await Promise.all(up.map(runningUnder))).flat());
      // Those that began between the two readings are in the second one only.
      const without = await Promise.all(looked.filter((pid) => !owned.has(pid)).map(isOurs));
      return !without.includes(true);
    },
    2_000,
  );
}

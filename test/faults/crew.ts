import { readProcessTable } from '../../apps/worker/src/running/processes/process-table.js';
import { Stage } from '../accounting/stage.js';
import { Program } from '../support/cluster/program.js';
import { Cluster, ClusterOptions } from '../support/cluster.js';
import { MongoServer } from '../support/mongo-server.js';
import { isAlive } from '../support/processes.js';
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

/** Resolves once none of the processes lives; rejects when one still does after two seconds. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  await until('nothing of its runs is left', () => !pids.some(isAlive), 2_000);
}

import { type Job, listRuns, type Run } from '@fleetcron/sdk';
import { ask } from '@/api/ask';

/** What is on its way of a job, for the sentence that asks before it is killed. */
export interface RunsUnderway {
  readonly running: number;
  readonly queued: number;
  /** Where it runs, each once, in order. */
  readonly workers: readonly string[];
}

/** Asks what runs and waits of a job now. Throws ApiProblem. */
export async function findUnderway({ name }: Pick<Job, 'name'>): Promise<RunsUnderway> {
  const { items } = await ask(() => listRuns({ query: { job: name, status: 'queued,running', limit: 100 } }));
  return underwayOf(items);
}

export function underwayOf(runs: readonly Pick<Run, 'status' | 'worker'>[]): RunsUnderway {
  const running = runs.filter(({ status }) => status === 'running');
  return {
    running: running.length,
    queued: runs.filter(({ status }) => status === 'queued').length,
    workers: [...new Set(running.flatMap(({ worker }) => worker ?? []))].sort(),
  };
}

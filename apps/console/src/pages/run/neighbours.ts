import { listRuns, type Run } from '@fleetcron/sdk';
import { ask } from '@/api/ask';

/** Enough to see past the attempts and shards of one fire. */
const LIMIT = 20;

type Of = Pick<Run, 'jobName' | 'scheduledTime' | 'rootRunId'>;

/** The run of the same job scheduled before this one; undefined where there is none. Throws ApiProblem. */
export async function findPrevious({ jobName, scheduledTime }: Of): Promise<Run | undefined> {
  const { items } = await ask(() => listRuns({ query: { job: jobName, to: scheduledTime, limit: LIMIT } }));
  return items.find((run) => Date.parse(run.scheduledTime) < Date.parse(scheduledTime));
}

/** The run of the same job scheduled after this one; undefined where there is none. Throws ApiProblem. */
export async function findNext({ jobName, scheduledTime }: Of): Promise<Run | undefined> {
  const from = new Date(Date.parse(scheduledTime) + 1).toISOString();
  const { items } = await ask(() => listRuns({ query: { job: jobName, from, sort: 'asc', limit: 1 } }));
  return items[0];
}

/** The last successful run of the same job before this one; undefined where there is none. Throws ApiProblem. */
export async function findLastSuccess({ jobName, scheduledTime, rootRunId }: Of): Promise<Run | undefined> {
  const query = { job: jobName, status: 'succeeded', to: scheduledTime, limit: LIMIT };
  const { items } = await ask(() => listRuns({ query }));
  return items.find((run) => run.rootRunId !== rootRunId);
}

import { listRuns, type Run } from '@fleetcron/sdk';
import { ask } from '@/api/ask';

const MINUTE = 60_000;
/** Runs come newest first: to find the next one, look at growing stretches after this one. */
const STRETCHES = [MINUTE, 60 * MINUTE, 24 * 60 * MINUTE, 30 * 24 * 60 * MINUTE, Number.POSITIVE_INFINITY];
const PAGE = 200;

/** The run of the same job scheduled before this one; undefined where there is none. */
export async function findPrevious({ jobName, scheduledTime }: Run): Promise<Run | undefined> {
  const { items } = await ask(() => listRuns({ query: { job: jobName, to: scheduledTime, limit: 20 } }));
  return items.find((run) => run.scheduledTime < scheduledTime);
}

/** The run of the same job scheduled after this one; undefined where there is none. */
export async function findNext({ jobName, scheduledTime }: Run): Promise<Run | undefined> {
  const from = Date.parse(scheduledTime) + 1;
  for (const stretch of STRETCHES) {
    const found = await oldest(jobName, from, from + stretch);
    if (found) return found;
  }
  return undefined;
}

async function oldest(job: string, from: number, to: number): Promise<Run | undefined> {
  const span = { from: iso(from), ...(Number.isFinite(to) && { to: iso(to) }) };
  let cursor: string | undefined;
  let last: Run | undefined;
  do {
    const page = await ask(() => listRuns({ query: { job, ...span, limit: PAGE, ...(cursor && { cursor }) } }));
    last = page.items.at(-1) ?? last;
    cursor = page.nextCursor;
  } while (cursor);
  return last;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

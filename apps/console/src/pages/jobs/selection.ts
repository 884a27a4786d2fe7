import { listJobs } from '@fleetcron/sdk';
import { ask } from '@/api/ask';
import type { JobFilter, JobSort } from './job-filter';

/** Jobs one selection may hold: as many as one bulk action takes. */
export const MOST_SELECTED = 1_000;
const PAGE = 500;

/**
 * The names of all jobs that match, the first 1,000 in the order of the list. They are what is acted on later: a job that comes
 * to match in between is not touched. Throws ApiProblem.
 */
export async function namesMatching(filter: JobFilter, sort: JobSort): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...filter, sort, limit: PAGE, recentRuns: 0, ...(cursor && { cursor }) };
    const page = await ask(() => listJobs({ query }));
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== undefined && names.length < MOST_SELECTED);
  return names.slice(0, MOST_SELECTED);
}

import { listJobs } from '@fleetcron/sdk';
import { ask } from '@/api/ask';
import type { JobFilter } from './job-filter';

/** Jobs one selection may hold: as many as one bulk action takes. */
export const MOST_SELECTED = 1_000;
const PAGE = 500;

/**
 * The names of all jobs that match, 1,000 at most, in the order of names. They are what is acted on later: a job that comes
 * to match in between is not touched. Throws ApiProblem.
 */
export async function namesMatching(filter: JobFilter): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...filter, limit: PAGE, recentRuns: 0, ...(cursor && { cursor }) };
    const page = await ask(() => listJobs({ query }));
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== undefined && names.length < MOST_SELECTED);
  return names.slice(0, MOST_SELECTED);
}

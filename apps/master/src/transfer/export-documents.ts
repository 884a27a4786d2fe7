import { JobControl, JobDocument, StoredJob } from '@app/jobs';
import { z } from 'zod';
import { MasterParts } from '../master-parts.js';
import { exportQuery } from './transfer.dto.js';

const PAGE = 500;

/** The documents of all jobs an export is asked for, by name. Jobs that are invalid have none. Throws what listing throws. */
export async function documentsToExport(
  { catalog, jobs }: Pick<MasterParts, 'catalog' | 'jobs'>,
  { format: _, names, ...filter }: z.infer<typeof exportQuery>,
): Promise<JobDocument[]> {
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const found = isFiltered ? await matching(jobs, filter) : [...catalog.all()];
  const wanted = names && new Set(names);
  return found
    .flatMap(({ name, parsed }) => (parsed.ok && (!wanted || wanted.has(name)) ? [parsed.document] : []))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function matching(
  jobs: JobControl,
  filter: Omit<z.infer<typeof exportQuery>, 'format' | 'names'>,
): Promise<StoredJob[]> {
  const found: StoredJob[] = [];
  let cursor: string | undefined;
  do {
    const page = await jobs.list({ ...filter, limit: PAGE, cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}

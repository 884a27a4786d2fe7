import { type ExportJobsData, exportJobs, type JobDocument } from '@fleetcron/sdk';
import { ask } from '@/api/ask';

export type FileFormat = 'yaml' | 'json';
/** Which jobs are exported; without any field all of them. */
type Filter = Pick<NonNullable<ExportJobsData['query']>, 'search' | 'group' | 'label' | 'state'>;

/** Characters of names one address may carry. */
const NAMES_LENGTH = 6_000;

/** Saves all jobs that match as one file, as the server writes it. Throws ApiProblem. */
export async function exportMatching(filter: Filter, format: FileFormat): Promise<void> {
  const text = await ask(() => exportJobs({ query: { ...filter, format }, parseAs: 'text' }));
  save(text, format);
}

/** Saves these jobs as one file; those that are gone or invalid are left out. Throws ApiProblem. */
export async function exportNames(names: readonly string[], format: FileFormat): Promise<void> {
  const documents: JobDocument[] = [];
  for (const slice of slicesOf(names)) {
    const query = { names: slice.join(','), format: 'json' as const };
    const text = await ask(() => exportJobs({ query, parseAs: 'text' }));
    documents.push(...(JSON.parse(text) as { jobs: JobDocument[] }).jobs);
  }
  save(await written(documents, format), format);
}

/** Names in slices that fit into an address. */
export function slicesOf(names: readonly string[], most = NAMES_LENGTH): string[][] {
  const slices: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const size = encodeURIComponent(name).length + 3;
    if (length + size > most) {
      slices.push([]);
      length = 0;
    }
    slices.at(-1)?.push(name);
    length += size;
  }
  return slices;
}

async function written(jobs: readonly JobDocument[], format: FileFormat): Promise<string> {
  if (format === 'json') return `${JSON.stringify({ jobs }, undefined, 2)}\n`;
  const { stringify } = await import('yaml');
  return stringify({ jobs }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function save(text: string, format: FileFormat): void {
  const type = format === 'json' ? 'application/json' : 'application/yaml';
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `jobs.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

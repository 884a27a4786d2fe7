import { isDeepStrictEqual } from 'node:util';
import { Actor, importCrontab, JobControl, parseJobDocument, StoredJob } from '@app/jobs';
import { FieldError, FleetcronError, InvalidInput, NotFound } from '@app/platform';
import { z } from 'zod';
import { toNote } from '../api/field-fault.dto.js';
import { writtenPart } from '../jobs/written-part.js';
import { faultsInWords, faultWords, wordsOf } from '../words/fault-words.js';
import { documentsIn } from './documents.js';
import { importQuery, importResultDto } from './transfer.dto.js';

type ImportQuery = z.infer<typeof importQuery>;
type Item = z.infer<typeof importResultDto>['items'][number];

/** One thing a file holds: a document to be a job, or something else that stands in it. */
type Candidate =
  | {
      readonly line: number;
      readonly source?: string;
      readonly document: unknown;
      readonly warnings?: readonly string[];
    }
  | (Pick<Item, 'outcome' | 'reason' | 'reasonText' | 'warnings'> & { readonly line: number; readonly source: string });

/**
 * Makes jobs of a file, entry by entry: one that is refused harms no other. Importing the same file again changes
 * nothing. Throws InvalidInput for a file that cannot be read at all.
 */
export async function importJobs(
  jobs: JobControl,
  query: ImportQuery,
  text: string,
  existingNames: ReadonlySet<string>,
  actor: Actor,
): Promise<z.infer<typeof importResultDto>> {
  const items: Item[] = [];
  for (const candidate of candidatesIn(query, text, existingNames)) {
    items.push('document' in candidate ? await put(jobs, query, candidate, actor) : candidate);
  }
  const count = (outcome: Item['outcome']): number => items.filter((item) => item.outcome === outcome).length;
  return {
    dryRun: query.dryRun,
    created: count('created'),
    replaced: count('replaced'),
    refused: count('refused'),
    items,
  };
}

function candidatesIn(query: ImportQuery, text: string, existingNames: ReadonlySet<string>): Candidate[] {
  if (query.format !== 'crontab') {
    return documentsIn(text, query.format).map((document, index) => ({ line: index + 1, document }));
  }
  const { timezone, group, crontab: format } = query;
  return importCrontab(text, { format, existingNames, timezone, group }).lines.map((entry): Candidate => {
    const { line, source } = entry;
    return entry.kind === 'job'
      ? { line, source, document: entry.document, warnings: entry.warnings }
      : {
          line,
          source,
          outcome: entry.kind,
          ...(entry.kind === 'refused' && refusal(entry.reason ?? '', entry.errors)),
          ...notesOf(entry.warnings),
        };
  });
}

async function put(
  jobs: JobControl,
  query: ImportQuery,
  candidate: Extract<Candidate, { document: unknown }>,
  actor: Actor,
): Promise<Item> {
  const { line, source, warnings } = candidate;
  const about = { line, ...(source !== undefined && { source }), ...notesOf(warnings) };
  try {
    const { job, document } = parseJobDocument(writtenPart(candidate.document));
    const item = { ...about, name: job.name, document: document as Item['document'] };
    const before = await find(jobs, job.name);
    if (before?.parsed.ok && isDeepStrictEqual(before.parsed.document, document)) {
      return { ...item, outcome: 'unchanged' };
    }
    if (before && !query.overwrite) {
      return {
        ...item,
        outcome: 'refused',
        ...refusal(`There is already a job "${job.name}"; \`overwrite\` replaces it.`),
      };
    }
    if (!query.dryRun) {
      await (before ? jobs.replace(job.name, document, actor, before.revision) : jobs.create(document, actor));
    }
    return { ...item, outcome: before ? 'replaced' : 'created' };
  } catch (error) {
    if (error instanceof FleetcronError && error.code !== 'store_unavailable') {
      return { ...about, outcome: 'refused', reason: error.message, reasonText: wordsOf(error) };
    }
    throw error;
  }
}

/** Why an entry became no job; with `errors`, said field by field. */
function refusal(reason: string, errors?: readonly FieldError[]): Pick<Item, 'reason' | 'reasonText'> {
  return { reason, reasonText: errors ? faultsInWords(errors) : faultWords(reason) };
}

function notesOf(warnings: readonly string[] = []): Pick<Item, 'warnings'> {
  return warnings.length === 0 ? {} : { warnings: warnings.map(toNote) };
}

async function find(jobs: JobControl, name: string): Promise<StoredJob | undefined> {
  try {
    return await jobs.get(name);
  } catch (error) {
    if (error instanceof NotFound || error instanceof InvalidInput) {
      return undefined;
    }
    throw error;
  }
}

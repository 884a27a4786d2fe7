import { JobDocument } from '@app/jobs';
import { InvalidInput } from '@app/platform';
import { parseAllDocuments, stringify } from 'yaml';
import { parseStrictJson } from '../http/strict-json.js';

/** Jobs one file may hold. */
const MAX_DOCUMENTS = 10_000;

/**
 * The documents in a file: one object, a list of them, `{"jobs": [...]}`, or, in YAML, several of these apart by `---`.
 * What they hold is not checked. Throws InvalidInput, MalformedRequest for a file that cannot be read.
 */
export function documentsIn(text: string, format: 'yaml' | 'json'): unknown[] {
  const roots = format === 'json' ? [parseStrictJson(text)] : yamlRoots(text);
  const documents = roots.flatMap((root) => (Array.isArray(root) ? root : listIn(root)));
  if (documents.length > MAX_DOCUMENTS) {
    throw new InvalidInput([
      { path: '', message: `holds ${documents.length} jobs; ${MAX_DOCUMENTS} are taken at once` },
    ]);
  }
  return documents;
}

/** Jobs written between two breaths of the event loop. */
const SLICE = 200;

/** Jobs as a file that `documentsIn` reads again, piece by piece, so that a hundred thousand never hold the process up. */
export function* writeDocuments(documents: readonly JobDocument[], format: 'yaml' | 'json'): Iterable<string> {
  yield format === 'json' ? '{"jobs": [' : documents.length === 0 ? 'jobs: []\n' : 'jobs:\n';
  for (let at = 0; at < documents.length; at += SLICE) {
    const slice = documents.slice(at, at + SLICE);
    yield format === 'json'
      ? (at === 0 ? '\n' : ',\n') + slice.map((document) => JSON.stringify(document)).join(',\n')
      : stringify(slice, { lineWidth: 0, aliasDuplicateObjects: false });
  }
  if (format === 'json') {
    yield '\n]}\n';
  }
}

function listIn(root: unknown): unknown[] {
  const jobs = (root as { jobs?: unknown } | null)?.jobs;
  return Array.isArray(jobs) ? jobs : [root];
}

/** Core schema only: no tags that make objects, and aliases bounded, so that a small file cannot become a large one. */
function yamlRoots(text: string): unknown[] {
  const documents = parseAllDocuments(text, { schema: 'core', uniqueKeys: true, version: '1.2' });
  return [...documents].map((document) => {
    const [error] = document.errors;
    if (error) {
      throw new InvalidInput([{ path: '', message: `is not YAML: ${error.message.split('\n', 1)[0]}` }]);
    }
    return readRoot(() => document.toJS({ maxAliasCount: 50 }));
  });
}

function readRoot(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw new InvalidInput([{ path: '', message: `is not YAML we take: ${(error as Error).message}` }]);
  }
}

import { FieldError, fieldErrors, InvalidInput } from '@app/platform';
import { quote } from '../schedule/refuse.js';
import { buildJob } from './build-job.js';
import { contradictions } from './contradictions.js';
import { Job, JobDocument } from './job.js';
import { DOCUMENT_VERSION } from './schema/identity.js';
import { jobDocumentSchema, type WrittenJob } from './schema/job-document.js';
import { isPlain } from './schema/plain-document.js';
import { shapeFault } from './shape.js';
import { unavailableErrors } from './unavailable.js';
import { unknownField } from './unknown-field.js';

/** A document and the job it means. */
export interface AcceptedJob {
  readonly job: Job;
  /** As it was put: only the fields somebody wrote. */
  readonly document: JobDocument;
}

/**
 * Checks what somebody wants to be a job. Throws InvalidInput with every field that is wrong. With `name` (from a key or
 * an address) the document's own may be left out and must otherwise be the same.
 */
export function parseJobDocument(input: unknown, name?: string): AcceptedJob {
  const fault = shapeFault(input);
  if (fault !== undefined) throw new InvalidInput([{ path: '', message: fault }]);
  const document = input as JobDocument;
  return acceptDocument(name !== undefined && document.name === undefined ? { ...document, name } : document, name);
}

/** As `parseJobDocument`, of an object whose shape was checked and that must carry its name itself. */
export function acceptDocument(document: JobDocument, name?: string): AcceptedJob {
  const future = versionError(document.v);
  // A newer document may have fields this program would call unknown; its version is all that can be said of it.
  if (future) throw new InvalidInput([future]);
  const parsed = isPlain(document)
    ? { success: true as const, data: document }
    : jobDocumentSchema.safeParse(document, { reportInput: true });
  const errors = parsed.success ? [] : fieldErrors(parsed.error.issues, unknownKey);
  if (name !== undefined && typeof document.name === 'string' && document.name !== name) {
    errors.push({ path: 'name', message: `is not ${quote(name)}, the name it is stored under` });
  }
  // What fields must be to each other is asked even where one is wrong, of those that are right.
  const written = parsed.success ? parsed.data : withoutFaulty(document, errors);
  if (written) {
    const job = buildJob(written);
    errors.push(
      ...unavailableErrors(written),
      ...contradictions(job, written).filter(({ path }) => !has(errors, path)),
    );
    if (errors.length === 0) return { job, document };
  }
  throw new InvalidInput(limited(errors));
}

/** What a job document may say, by the names of its fields. */
export const KNOWN_FIELDS: readonly string[] = Object.keys(jobDocumentSchema.shape);

function unknownKey(key: string, at: readonly PropertyKey[]): string {
  return unknownField(key, at.length === 0 ? KNOWN_FIELDS : []);
}

/** A hostile document may have thousands of unknown fields; nobody reads so many sentences. */
function limited(errors: readonly FieldError[]): readonly FieldError[] {
  if (errors.length <= MAX_ERRORS) return errors;
  const rest = { path: '', message: `and ${errors.length - MAX_ERRORS} more` };
  return [...errors.slice(0, MAX_ERRORS), rest];
}

const MAX_ERRORS = 100;

function versionError(version: unknown): FieldError | undefined {
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version <= DOCUMENT_VERSION) return undefined;
  return { path: 'v', message: `version ${version} is newer than ${DOCUMENT_VERSION}, the newest this program knows` };
}

function has(errors: readonly FieldError[], path: string): boolean {
  return errors.some((error) => error.path === path);
}

/** The document without the fields that errors name, if that much of it is right. */
function withoutFaulty(document: JobDocument, errors: readonly FieldError[]): WrittenJob | undefined {
  const faulty = new Set(errors.map(({ path }) => path.split(/[.[]/, 1)[0]));
  const rest = Object.entries(document).filter(([key]) => !faulty.has(key));
  const parsed = jobDocumentSchema.safeParse({
    ...Object.fromEntries(rest),
    ...(faulty.has('name') ? { name: 'x' } : {}),
  });
  return parsed.success ? parsed.data : undefined;
}

import { FieldError, InvalidInput } from '@app/platform';
import { JobDocument, ParsedJob } from './job.js';
import { parseJsonText } from './json-text.js';
import { acceptDocument } from './parse-job-document.js';
import { kindFault, shapeFault, sizeFault } from './shape.js';

/**
 * Reads what stands under `jobs/NAME` in the store, put there by anybody. Never throws: what is no job comes back with
 * the reason. Here the document must carry its name.
 */
export function parseJob(value: Buffer | string, name: string): ParsedJob {
  const tooLarge = sizeFault(typeof value === 'string' ? Buffer.byteLength(value) : value.length);
  if (tooLarge !== undefined) return invalid([{ path: '', message: tooLarge }]);
  const parsed = parseJsonText(value);
  if (!parsed.ok) return invalid([{ path: '', message: parsed.reason }]);
  const fault = parsed.isTerse ? kindFault(parsed.value) : shapeFault(parsed.value);
  if (fault !== undefined) return invalid([{ path: '', message: fault }]);
  try {
    return { ok: true, ...acceptDocument(parsed.value as JobDocument, name) };
  } catch (error) {
    if (error instanceof InvalidInput) return invalid(error.errors);
    // Even a bug of ours must not let one value keep all other jobs from being read.
    return invalid([
      { path: '', message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` },
    ]);
  }
}

/** Faults a reason names. It is kept for every invalid job and shown in lists: the first few say enough. */
export const FAULTS_IN_REASON = 5;

function invalid(errors: readonly FieldError[]): ParsedJob {
  const rest = errors.length > FAULTS_IN_REASON ? '; and more' : '';
  return { ok: false, reason: new InvalidInput(errors.slice(0, FAULTS_IN_REASON)).message + rest, errors };
}

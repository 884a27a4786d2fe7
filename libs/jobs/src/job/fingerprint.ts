import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import { JobDocument } from './job.js';

const SCHEDULE_FIELDS = ['cronExpr', 'timezone', 'startAt', 'endAt', 'calendars', 'paused'];

/**
 * Tells whether two documents fire by the same rule: 16 hex digits, the first 8 bytes of SHA-256 over the canonical JSON
 * of `cronExpr timezone startAt endAt calendars paused` as they stand in the document, absent ones left out.
 *
 * Cursors carry it, so it is fixed with the document's `v` and never changes with the program.
 */
export function scheduleFingerprint(document: JobDocument): string {
  const present = SCHEDULE_FIELDS.filter((field) => document[field] !== undefined);
  const schedule = Object.fromEntries(present.map((field) => [field, document[field]]));
  return createHash('sha256').update(canonicalJson(schedule)).digest('hex').slice(0, 16);
}

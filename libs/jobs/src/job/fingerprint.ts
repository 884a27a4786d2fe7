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
  const key = plainKey(document);
  if (key === undefined) return digest(document);
  const known = plain.get(key);
  if (known !== undefined) return known;
  const fingerprint = digest(document);
  if (plain.size >= MAX_PLAIN) plain.delete(plain.keys().next().value!);
  plain.set(key, fingerprint);
  return fingerprint;
}

/**
 * Fingerprints of documents with nothing but an expression and a zone. Many jobs share one, which then costs neither
 * time nor memory again. Bounded, oldest out first.
 */
const plain = new Map<string, string>();
const MAX_PLAIN = 20_000;

/** undefined where more than expression and zone counts. */
function plainKey({ cronExpr, timezone, startAt, endAt, calendars, paused }: JobDocument): string | undefined {
  const isPlain =
    typeof cronExpr === 'string' &&
    (timezone === undefined || typeof timezone === 'string') &&
    (startAt ?? endAt ?? calendars ?? paused) === undefined;
  return isPlain ? `${cronExpr}\0${timezone === undefined ? '' : `+${timezone}`}` : undefined;
}

function digest(document: JobDocument): string {
  const present = SCHEDULE_FIELDS.filter((field) => document[field] !== undefined);
  const schedule = Object.fromEntries(present.map((field) => [field, document[field]]));
  return createHash('sha256').update(canonicalJson(schedule)).digest('hex').slice(0, 16);
}

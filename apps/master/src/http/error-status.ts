import { FleetcronError } from '@app/platform';

/**
 * The one table from error code to HTTP status. A code that is not here is our own bug and answers 500.
 *
 * Input that is wrong in the address (query, path) answers 400, in a body 422: see `InvalidQuery` and `problemOf`.
 */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  malformed_request: 400,
  invalid_query: 400,
  unauthenticated: 401,
  wrong_credentials: 401,
  forbidden: 403,
  cross_site: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  already_exists: 409,
  conflict: 409,
  lease_lost: 409,
  gone: 410,
  revision_conflict: 412,
  body_too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  invalid_job: 422,
  invalid_schedule: 422,
  too_many_attempts: 429,
  not_available: 501,
  store_unavailable: 503,
  store_refused: 503,
  history_refused: 503,
  clock_suspect: 503,
  still_listing: 503,
  compacted: 503,
};

/** HTTP status of an error of ours; 500 for a code nobody listed. */
export function statusOf(error: FleetcronError): number {
  return STATUS_OF_CODE[error.code] ?? 500;
}

/** The code that stands for a status where an error has none of its own (Nest's or Express's). */
export function codeOfStatus(status: number): string {
  const found = Object.entries(STATUS_OF_CODE).find(([, value]) => value === status);
  return found?.[0] ?? (status >= 500 ? 'internal_error' : 'malformed_request');
}

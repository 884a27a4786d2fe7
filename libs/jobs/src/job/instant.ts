/**
 * Reads an ISO 8601 instant with an offset or `Z`. Gives epoch milliseconds; undefined for anything else, for dates that
 * are in no calendar, and outside the years 1970 to 9999.
 */
export function parseInstant(text: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!parts) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at) || at < 0 || at > LAST_INSTANT) return undefined;
  // Date.parse rolls 30 February over into March.
  return new Date(`${parts[1]}T00:00:00Z`).toISOString().startsWith(parts[1]!) ? at : undefined;
}

const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

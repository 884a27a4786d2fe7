/**
 * One JSON text for equal values, whatever the order of their keys (RFC 8785): no blanks, keys sorted by UTF-16 units.
 * Takes what `JSON.parse` gives; members that are undefined are left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  // Keys of one object differ, so that no two compare equal; "<" compares UTF-16 units, as the RFC asks.
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

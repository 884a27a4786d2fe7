/** The JSON object in these bytes; undefined when they hold anything else. Never throws. */
export function readObject(value: Buffer): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(value.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** An instant as it stands in stored values: ISO 8601 UTC with milliseconds. */
export function writeInstant(ms: number): string {
  return new Date(ms).toISOString();
}

/** Epoch milliseconds of a stored instant; undefined when it is none. */
export function readInstant(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

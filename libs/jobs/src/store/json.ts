/** The JSON object in these bytes; undefined when they hold anything else. Never throws. */
export function readObject(value: Buffer): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(value.toString('utf8'));
    return isObject(parsed) ? parsed : undefined;
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

/** A stored text, or a number that somebody put in its place; '' for anything else. Never throws. */
export function readText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A stored number, which may stand there as a text; 0 for anything else. Never throws. */
export function readNumber(value: unknown): number {
  return Number(readText(value)) || 0;
}

/** Whether it is an object with fields: neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { MAX_DEPTH } from './json-text.js';

/** Most bytes of a job document, as JSON in UTF-8. */
const MAX_DOCUMENT_BYTES = 65_536;

/**
 * Why a value cannot be a document whatever its fields, in a sentence; undefined when it can: an object, not nested too
 * deep, without `__proto__`, of at most 64 KiB.
 */
export function shapeFault(value: unknown): string | undefined {
  const kind = kindFault(value);
  if (kind !== undefined) return kind;
  const fault = nestingFault(value as object, 1);
  if (fault !== undefined) return fault;
  return sizeFault(Buffer.byteLength(JSON.stringify(value)));
}

/** The same of a value whose text was terse and not too long: nothing else can be wrong with it. */
export function kindFault(value: unknown): string | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? undefined : 'a job is an object with a name';
}

/** Why a document of that many bytes is refused; undefined when it is not. */
export function sizeFault(bytes: number): string | undefined {
  return bytes > MAX_DOCUMENT_BYTES
    ? `a job has at most ${MAX_DOCUMENT_BYTES} bytes; this one has ${bytes}`
    : undefined;
}

function nestingFault(value: object, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  for (const [key, member] of Object.entries(value)) {
    if (key === '__proto__') return 'has a key "__proto__"';
    if (typeof member !== 'object' || member === null) continue;
    const fault = nestingFault(member, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

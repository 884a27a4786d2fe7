import type { Draft } from '@/editing/job-document';

/** The way to a value in a document, from the outside in: `['retry', 'limit']`. */
export type Path = readonly string[];

/** The value at a path; undefined where there is none. */
export function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), document);
}

/**
 * The document with another value at a path; undefined takes it away, and what held nothing else goes with it. The
 * document itself stays as it was.
 */
export function withValue(document: Draft, path: Path, value: unknown): Draft {
  const [key, ...rest] = path;
  if (key === undefined) return document;
  const inner = document[key];
  const next = rest.length === 0 ? value : withValue(isMap(inner) ? inner : {}, rest, value);
  const isGone = next === undefined || (rest.length > 0 && isMap(next) && Object.keys(next).length === 0);
  if (!isGone) return { ...document, [key]: next };
  const { [key]: _gone, ...others } = document;
  return others;
}

/** Whether two values of documents say the same; the order of the keys of a map says nothing. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return false;
    return a.length === b.length && a.every((each, index) => isSame(each, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}

/** Whether a value is a map of a document. */
export function isMap(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

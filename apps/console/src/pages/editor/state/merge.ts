import type { Draft } from '@/editing/job-document';
import { isMap, isSame, type Path, valueAt, withValue } from './paths';

export type Side = 'mine' | 'theirs';

/** A value that changed since the base, on one side or on both. undefined: it is not there. */
export interface MergeRow {
  readonly path: Path;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
  /** Whose change is taken unless somebody chooses; undefined where both changed it, each in their own way. */
  readonly settled?: Side;
}

/**
 * What two people changed of one document, value by value. Maps are compared key by key, so that one who sets a variable
 * and one who sets another are not in each other's way; lists are compared as a whole.
 */
export function mergeRows(base: Draft, mine: Draft, theirs: Draft): MergeRow[] {
  return rowsOf([], base, mine, theirs);
}

/** The document that comes of the choices, by `keyOf` their rows; a row nobody chose for goes as it is settled. */
export function merged(theirs: Draft, rows: readonly MergeRow[], choices: Readonly<Record<string, Side>>): Draft {
  return rows.reduce(
    (document, row) =>
      (choices[keyOf(row)] ?? row.settled) === 'mine' ? withValue(document, row.path, row.mine) : document,
    theirs,
  );
}

/** A name of a row, unlike that of any other. */
export function keyOf(row: MergeRow): string {
  return JSON.stringify(row.path);
}

function rowsOf(path: Path, base: unknown, mine: unknown, theirs: unknown): MergeRow[] {
  if (isSame(mine, theirs)) return [];
  if ([base, mine, theirs].every((each) => each === undefined || isMap(each)) && isMap(mine) && isMap(theirs)) {
    const keys = new Set([base ?? {}, mine, theirs].flatMap((each) => Object.keys(each as Draft)));
    return [...keys].flatMap((key) =>
      rowsOf([...path, key], valueAt(base, [key]), valueAt(mine, [key]), valueAt(theirs, [key])),
    );
  }
  const settled = isSame(base, theirs) ? 'mine' : isSame(base, mine) ? 'theirs' : undefined;
  return [{ path, base, mine, theirs, ...(settled && { settled }) }];
}

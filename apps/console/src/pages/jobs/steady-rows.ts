/** Rows as they are shown, and whether they stand in another order than they would if read afresh. */
export interface Steady<Row> {
  readonly rows: readonly Row[];
  readonly isBehind: boolean;
}

/**
 * New facts in the old places: while somebody points at the list nothing may move under the pointer. Rows that are not
 * among the new ones stay as they were; rows that came are left out until the list may move again.
 */
export function inOldPlaces<Row>(
  shown: readonly Row[],
  fresh: readonly Row[],
  keyOf: (row: Row) => string,
): Steady<Row> {
  const byKey = new Map(fresh.map((row) => [keyOf(row), row]));
  return {
    rows: shown.map((row) => byKey.get(keyOf(row)) ?? row),
    isBehind: shown.length !== fresh.length || shown.some((row, at) => keyOf(row) !== keyOf(fresh[at] as Row)),
  };
}

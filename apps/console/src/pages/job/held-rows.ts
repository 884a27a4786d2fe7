import { type Ref, shallowRef, watch } from 'vue';

/** Rows that stay where they are, and those that came since and wait to be let in. */
export interface Held<Row> {
  readonly rows: readonly Row[];
  readonly waiting: readonly Row[];
}

/** New facts in the old places: nothing moves under the pointer. Rows that are no longer read stay as they were. */
export function hold<Row>(shown: readonly Row[], fresh: readonly Row[], keyOf: (row: Row) => string): Held<Row> {
  const byKey = new Map(fresh.map((row) => [keyOf(row), row]));
  const known = new Set(shown.map(keyOf));
  return {
    rows: shown.map((row) => byKey.get(keyOf(row)) ?? row),
    waiting: fresh.filter((row) => !known.has(keyOf(row))),
  };
}

/** Rows as they were read, and of which list: the filters and the page, in one word. */
export interface Reading<Row> {
  readonly scope: string;
  readonly rows: readonly Row[];
}

/**
 * A list that is read again and again without moving: rows change in place, and new ones wait until `letIn` is called.
 * Another list (its `scope`), or one that was empty, is shown as it comes.
 */
export function useHeldRows<Row>(reading: Ref<Reading<Row> | undefined>, keyOf: (row: Row) => string) {
  const rows = shallowRef<readonly Row[]>();
  const waiting = shallowRef<readonly Row[]>([]);
  let scope: string | undefined;

  function letIn(): void {
    rows.value = reading.value?.rows ?? rows.value;
    waiting.value = [];
  }

  watch(
    reading,
    (now) => {
      if (!now) return;
      if (now.scope !== scope || !rows.value?.length) {
        scope = now.scope;
        letIn();
        return;
      }
      const held = hold(rows.value, now.rows, keyOf);
      rows.value = held.rows;
      waiting.value = held.waiting;
    },
    { immediate: true },
  );

  /** Changes rows in place; `undefined` leaves one as it is. */
  function patch(change: (row: Row) => Row | undefined): void {
    let isChanged = false;
    const next = rows.value?.map((row) => {
      const changed = change(row);
      isChanged ||= changed !== undefined;
      return changed ?? row;
    });
    if (isChanged) rows.value = next;
  }

  return { rows, waiting, letIn, patch };
}

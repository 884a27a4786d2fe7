import { type Ref, shallowRef, watch } from 'vue';

/** Rows that stay where they are, and those that came since and wait to be let in. */
export interface Held<Row> {
  readonly rows: readonly Row[];
  readonly waiting: readonly Row[];
}

/** A row of a list by time. */
interface Timed {
  /** ISO. */
  readonly scheduledTime: string;
}

/**
 * New facts in the old places: nothing moves under the pointer. Rows that are no longer read stay as they were. A page
 * may be filled up from below where something left it; only what belongs above the last row shown is news.
 */
export function hold<Row extends Timed>(
  shown: readonly Row[],
  fresh: readonly Row[],
  keyOf: (row: Row) => string,
): Held<Row> {
  const byKey = new Map(fresh.map((row) => [keyOf(row), row]));
  const known = new Set(shown.map(keyOf));
  const oldest = shown.at(-1)?.scheduledTime ?? '';
  return {
    rows: shown.map((row) => byKey.get(keyOf(row)) ?? row),
    waiting: fresh.filter((row) => !known.has(keyOf(row)) && row.scheduledTime >= oldest),
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
export function useHeldRows<Row extends Timed, Read extends Reading<Row>>(
  reading: Ref<Read | undefined>,
  keyOf: (row: Row) => string,
) {
  const shown = shallowRef<Read>();
  const rows = shallowRef<readonly Row[]>();
  const waiting = shallowRef<readonly Row[]>([]);
  let scope: string | undefined;

  function letIn(): void {
    shown.value = reading.value ?? shown.value;
    rows.value = shown.value?.rows;
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

  return {
    rows,
    waiting,
    /** The reading the rows came in with: where the next page begins is said by it, not by a newer one. */
    shown,
    letIn,
    patch,
  };
}

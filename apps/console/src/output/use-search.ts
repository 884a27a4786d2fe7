import { computed, onScopeDispose, type Ref, ref, shallowRef, triggerRef, watch } from 'vue';
import { literalPattern, type Match, MOST_MATCHES, Search } from './search';
import type { StreamFilter } from './stream-filter';

/** Rows looked at in one go: a few milliseconds. */
const STRETCH = 15_000;
const DEBOUNCE_MS = 150;

/**
 * What is searched in the output and where it was found. Goes on as lines come. `nearest` gives the id of the row at
 * which a new search begins; `show` is called with the match to look at.
 */
export function useSearch(options: {
  readonly rows: () => StreamFilter;
  readonly version: Ref<number>;
  readonly isComplete: () => boolean;
  readonly nearest: () => number;
  readonly show: (match: Match) => void;
}) {
  const { rows, version, isComplete } = options;
  const text = ref('');
  const search = shallowRef<Search>();
  const current = ref(-1);
  const isBusy = ref(false);
  let wanted: ReturnType<typeof setTimeout> | undefined;
  let next: ReturnType<typeof setTimeout> | undefined;

  function begin(): void {
    clearTimeout(next);
    const pattern = literalPattern(text.value);
    search.value = pattern && new Search(rows(), pattern);
    current.value = -1;
    goOn();
  }

  function goOn(): void {
    clearTimeout(next);
    const running = search.value;
    isBusy.value = running?.step(STRETCH, isComplete()) ?? false;
    triggerRef(search);
    if (isBusy.value) next = setTimeout(goOn);
    if (running && current.value < 0 && running.matches.length > 0) {
      const from = options.nearest();
      const nearest = running.matches.findIndex(({ id }) => id >= from);
      // While there is more to look at, the nearest may still come.
      if (nearest >= 0 || !isBusy.value) move(Math.max(0, nearest));
    }
  }

  function move(to: number): void {
    const count = search.value?.matches.length ?? 0;
    if (count > 0) {
      current.value = (to + count) % count;
      options.show(search.value!.matches[current.value]!);
    }
  }

  watch(text, () => {
    clearTimeout(wanted);
    wanted = setTimeout(begin, text.value === '' ? 0 : DEBOUNCE_MS);
  });
  watch(rows, () => text.value !== '' && begin());
  watch(version, () => search.value && !isBusy.value && goOn());
  onScopeDispose(() => {
    clearTimeout(wanted);
    clearTimeout(next);
  });

  const byRow = computed(() => {
    const rowsFound = new Map<number, { match: Match; place: number }[]>();
    search.value?.matches.forEach((match, place) => {
      const known = rowsFound.get(match.id);
      known ? known.push({ match, place }) : rowsFound.set(match.id, [{ match, place }]);
    });
    return rowsFound;
  });

  return {
    text,
    isBusy,
    current,
    count: computed(() => search.value?.matches.length),
    isFull: computed(() => (search.value?.matches.length ?? 0) >= MOST_MATCHES),
    next: () => move(current.value + 1),
    previous: () => move(current.value < 0 ? -1 : current.value - 1),
    /** The matches of a row, to be marked. */
    markedIn: (id: number) =>
      (byRow.value.get(id) ?? []).map(({ match, place }) => ({
        start: match.start,
        end: match.end,
        isCurrent: place === current.value,
      })),
  };
}

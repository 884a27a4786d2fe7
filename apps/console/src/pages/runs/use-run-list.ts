import { listRuns, type Run, type RunPage } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed, shallowRef, watch } from 'vue';
import { ask } from '@/api/ask';
import { useLive } from '@/live/live';
import { useRefresh } from '@/live/use-refresh';
import { patched, told } from './patched';
import type { RunsQuery } from './use-run-filters';

/** Rows of a page. */
export const PAGE_SIZE = 50;
/** Empty pages that are passed over before the person is asked to go on. */
const MOST_TURNS = 20;

/**
 * A page of runs that stays put: its rows are brought up to date where they stand, and what is new waits in `added`
 * until `showAdded`. Another filter or another page shows what there is at once.
 */
export function useRunList(options: {
  readonly key: () => string;
  readonly query: () => RunsQuery;
  readonly cursor: () => string | undefined;
}) {
  const key = computed(() => `${options.key()} ${options.cursor() ?? ''}`);
  const latest = useQuery<RunPage>({
    key: () => ['runs', key.value],
    query: () => readPage(options.query(), options.cursor()),
    placeholderData: (previous) => previous,
  });
  const shown = shallowRef<RunPage>();
  const shownKey = shallowRef<string>();
  const added = shallowRef<readonly Run[]>([]);

  function showAll(page: RunPage): void {
    shown.value = page;
    shownKey.value = key.value;
    added.value = [];
  }

  watch(
    [latest.data, latest.isPlaceholderData, key],
    ([page, isOld]) => {
      if (!page || isOld) return;
      if (!shown.value || shownKey.value !== key.value || shown.value.items.length === 0) {
        showAll(page);
        return;
      }
      const result = patched(shown.value, page);
      shown.value = result.page;
      added.value = options.cursor() === undefined ? result.added : [];
    },
    { immediate: true },
  );

  useLive({
    changed: (changes) => {
      const runs = changes.filter((change) => change.kind === 'run');
      if (shown.value && runs.length > 0) shown.value = told(shown.value, runs);
    },
  });
  useRefresh(
    (change) => change.kind === 'run',
    () => latest.refetch(),
  );

  return {
    rows: computed(() => shown.value?.items),
    nextCursor: computed(() => shown.value?.nextCursor),
    error: latest.error,
    isLoading: computed(() => latest.isLoading.value || latest.isPlaceholderData.value),
    added,
    showAdded: () => latest.data.value && showAll(latest.data.value),
    refetch: () => latest.refetch(),
  };
}

/** A page; one that is empty only because little was found in much is read on. */
async function readPage(query: RunsQuery, first: string | undefined): Promise<RunPage> {
  let cursor = first;
  for (let turn = 0; ; turn += 1) {
    const page = await ask(() => listRuns({ query: { ...query, limit: PAGE_SIZE, ...(cursor && { cursor }) } }));
    if (page.items.length > 0 || page.nextCursor === undefined || turn >= MOST_TURNS) return page;
    cursor = page.nextCursor;
  }
}

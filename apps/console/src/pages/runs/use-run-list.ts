import { listRuns, type Run, type RunPage } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { ask } from '@/api/ask';
import { useLive } from '@/live/live';
import { useRefresh } from '@/live/use-refresh';
import { toldOf } from '@/runs/told';
import { type Reading, useHeldRows } from '@/ui/held-rows';
import type { RunsQuery } from './use-run-filters';

/** Rows of a page. */
export const PAGE_SIZE = 50;
/** Empty pages that are passed over before the person is asked to go on. */
const MOST_TURNS = 20;

/**
 * A page of runs that stays put: its rows are brought up to date where they stand, and what is new waits until `letIn`.
 * Another filter or another page shows what there is at once.
 */
export function useRunList(options: {
  readonly key: () => string;
  readonly query: () => RunsQuery;
  readonly cursor: () => string | undefined;
}) {
  const key = computed(() => `${options.key()} ${options.cursor() ?? ''}`);
  const latest = useQuery<ReadRuns>({
    key: () => ['runs', key.value],
    query: async () => {
      const scope = key.value;
      const { items, nextCursor } = await readPage(options.query(), options.cursor());
      return { scope, rows: items, nextCursor };
    },
    placeholderData: (previous) => previous,
  });
  const held = useHeldRows(latest.data, (run: Run) => run.id);
  useLive({ changed: (changes) => held.patch(toldOf(changes)) });
  useRefresh(
    (change) => change.kind === 'run',
    () => latest.refetch(),
  );

  return {
    rows: held.rows,
    nextCursor: computed(() => held.shown.value?.nextCursor),
    error: latest.error,
    isLoading: computed(() => latest.isLoading.value || latest.isPlaceholderData.value),
    /** Runs that wait; on the first page alone, where they will stand. */
    newCount: computed(() => (options.cursor() === undefined ? held.waiting.value.length : 0)),
    letIn: held.letIn,
    refetch: () => latest.refetch(),
  };
}

interface ReadRuns extends Reading<Run> {
  readonly nextCursor: string | undefined;
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

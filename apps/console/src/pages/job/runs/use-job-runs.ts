import { getRun, listRuns, type Run } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed, type Ref, watch } from 'vue';
import { ask } from '@/api/ask';
import { isLive, RUN_STATUSES } from '@/format/status';
import type { Change } from '@/live/changes';
import { useLive } from '@/live/live';
import { useRefresh } from '@/live/use-refresh';
import { toldOf } from '@/runs/told';
import { useHeldRows } from '@/ui/held-rows';
import { useUrlList, useUrlText } from '@/ui/url-state';
import { usePages } from '@/ui/use-pages';

/** Rows of a page. */
export const PAGE_SIZE = 50;
/** Runs that are asked for one by one after a reading; the others come with the next. */
const MOST_SINGLE = 10;

/** The runs of a job, filtered by the address, live: rows change in place, and new ones wait under a bar. */
export function useJobRuns(name: string, ownRun: Ref<string | undefined>) {
  const statuses = useUrlList('status');
  const from = useUrlText('from');
  const to = useUrlText('to');
  const pages = usePages(PAGE_SIZE);
  const filter = computed(() => {
    const known = statuses.value.filter((each) => (RUN_STATUSES as readonly string[]).includes(each));
    return {
      ...(known.length > 0 && { status: known.join(',') }),
      ...(isInstant(from.value) && { from: from.value }),
      ...(isInstant(to.value) && { to: to.value }),
    };
  });
  const scope = computed(() => JSON.stringify([filter.value, pages.cursor.value]));
  const query = useQuery({
    key: () => ['job-runs', name, scope.value],
    query: async () => {
      const asked = scope.value;
      const cursor = pages.cursor.value;
      const page = await ask(() =>
        listRuns({ query: { job: name, limit: PAGE_SIZE, ...filter.value, ...(cursor && { cursor }) } }),
      );
      return { scope: asked, rows: page.items, nextCursor: page.nextCursor };
    },
    placeholderData: (previous: { scope: string; rows: Run[]; nextCursor: string | undefined } | undefined) => previous,
  });
  const held = useHeldRows(query.data, (run: Run) => run.id);

  const isOfJob = (change: Change) => change.kind === 'run' && change.jobName === name;
  useRefresh(isOfJob, async () => {
    await query.refetch();
    await follow(held.rows.value, query.data.value?.rows, held.patch);
  });
  useLive({ changed: (changes) => held.patch(toldOf(changes)) });

  // One's own run needs no leave to come in.
  watch(ownRun, () => void query.refetch());
  watch(held.waiting, (waiting) => {
    if (waiting.some(({ id }) => id === ownRun.value)) held.letIn();
  });

  return {
    statuses,
    /** The span the list is limited to, where it is: ISO instants. */
    span: computed(() =>
      filter.value.from || filter.value.to ? { from: filter.value.from, to: filter.value.to } : undefined,
    ),
    clearSpan: () => {
      from.value = '';
      to.value = '';
    },
    isFiltered: computed(() => Object.keys(filter.value).length > 0),
    pages,
    rows: held.rows,
    newCount: computed(() => (pages.isFirst.value ? held.waiting.value.length : 0)),
    letIn: held.letIn,
    nextCursor: computed(() => held.shown.value?.nextCursor),
    isLoading: computed(() => query.asyncStatus.value === 'loading'),
    error: query.error,
    retry: () => query.refetch(),
  };
}

/** Reads runs on their way that stand in the list but, pushed out by newer ones, no longer in what was read. */
async function follow(
  shown: readonly Run[] | undefined,
  read: readonly Run[] | undefined,
  patch: (change: (run: Run) => Run | undefined) => void,
): Promise<void> {
  const known = new Set(read?.map(({ id }) => id));
  const isOpen = (run: Run) => isLive(run.status) || (run.startTime !== undefined && run.endTime === undefined);
  const left = (shown ?? []).filter((run) => !known.has(run.id) && isOpen(run));
  for (const { id } of left.slice(0, MOST_SINGLE)) {
    const fresh = await ask(() => getRun({ path: { id } })).catch(() => undefined);
    if (fresh) patch((run) => (run.id === id ? fresh : undefined));
  }
}

function isInstant(text: string): boolean {
  return text !== '' && !Number.isNaN(Date.parse(text));
}

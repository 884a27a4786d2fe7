import { getTimeline, type Timeline, type TimelineRow } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed, shallowRef, watch } from 'vue';
import { ask } from '@/api/ask';
import type { RunChange } from '@/live/changes';
import { useLive } from '@/live/live';
import { useAskAgain } from '@/live/use-ask-again';
import { useRefresh } from '@/live/use-refresh';
import { inShownOrder, patchedRow } from '@/timeline/spots';
import type { PlanView } from './use-plan-view';

/** Rows of a page. */
export const PAGE = 30;
/** Fires pass without an event where nobody takes them. */
const ASK_AGAIN_MS = 30_000;
const STATES = ['enabled', 'paused', 'invalid', 'ended'] as const;

/**
 * The jobs of the plan with what is on the axis of each. Outcomes are drawn as they are told, rows that stay keep their
 * places when they are read again.
 */
export function useTimeline(view: PlanView, cursor: () => string | undefined, isShown: () => boolean) {
  const list = computed(() => ({
    limit: PAGE,
    sort: view.sort.value === 'name' ? ('name' as const) : ('next' as const),
    state: STATES.find((state) => state === view.state.value),
    search: view.search.value || undefined,
    group: view.group.value || undefined,
    cursor: cursor(),
  }));
  const wish = computed(() => ({
    ...list.value,
    from: new Date(view.span.value.from).toISOString(),
    to: new Date(view.span.value.to).toISOString(),
  }));
  const query = useQuery({
    key: () => ['timeline', wish.value],
    query: () => ask(() => getTimeline({ query: wish.value })),
    placeholderData: (previous: Timeline | undefined) => previous,
    enabled: isShown,
  });

  const rows = shallowRef<readonly TimelineRow[]>();
  let shownList: string | undefined;
  watch(
    () => ({ data: query.data.value, isOld: query.isPlaceholderData.value }),
    ({ data, isOld }) => {
      if (!data || isOld) return;
      const key = JSON.stringify(list.value);
      const shown = key === shownList ? (rows.value ?? []).map(({ jobName }) => jobName) : [];
      shownList = key;
      rows.value = inShownOrder(data.items, shown);
    },
    { immediate: true },
  );

  const names = computed(() => new Set(rows.value?.map(({ jobName }) => jobName)));
  useLive({
    changed(changes) {
      const runs = changes.filter(
        (change): change is RunChange => change.kind === 'run' && names.value.has(change.jobName),
      );
      if (runs.length > 0) rows.value = patched(rows.value ?? [], runs);
    },
  });
  useRefresh(
    (change) => change.kind === 'job' || (change.kind === 'run' && names.value.has(change.jobName)),
    () => (isShown() ? query.refetch() : Promise.resolve()),
    { everyMs: 5_000 },
  );
  useAskAgain(() => (isShown() ? query.refetch() : Promise.resolve()), ASK_AGAIN_MS);

  return { rows, query };
}

function patched(rows: readonly TimelineRow[], runs: readonly RunChange[]): readonly TimelineRow[] {
  const byJob = new Map<string, RunChange[]>();
  for (const run of runs) {
    byJob.set(run.jobName, [...(byJob.get(run.jobName) ?? []), run]);
  }
  return rows.map((row) =>
    (byJob.get(row.jobName) ?? []).reduce(
      (now, { id, scheduledTime, status }) => patchedRow(now, { at: scheduledTime, status, runId: id }),
      row,
    ),
  );
}

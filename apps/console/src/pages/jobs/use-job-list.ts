import { type Job, type JobPage, listJobs } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed, type Ref, shallowRef, watch } from 'vue';
import { ask } from '@/api/ask';
import { useLive } from '@/live/live';
import { useRefresh } from '@/live/use-refresh';
import type { JobFilter, JobSort } from './job-filter';
import { RECENT_RUNS, withChanges } from './live-rows';
import { sharedWith } from './shared-rows';
import { inOldPlaces } from './steady-rows';

export const PAGE_SIZE = 50;

const nameOf = ({ name }: Job): string => name;

/**
 * One page of jobs that follows what happens: runs show at once, everything else within 2 s. While `isHeld` (somebody
 * points at the list, or walks it by keys) rows keep their places, and `isBehind` says that they would stand otherwise.
 */
export function useJobList(
  filter: Ref<JobFilter>,
  sort: Ref<JobSort>,
  cursor: Ref<string | undefined>,
  isHeld: Ref<boolean>,
) {
  const asked = computed(() => ({
    ...filter.value,
    sort: sort.value,
    limit: PAGE_SIZE,
    recentRuns: RECENT_RUNS,
    ...(cursor.value && { cursor: cursor.value }),
  }));
  const query = useQuery({
    key: () => ['jobs', asked.value],
    query: ({ signal }) => ask(() => listJobs({ query: asked.value, signal })),
    placeholderData: (previous: JobPage | undefined) => previous,
  });
  const rows = shallowRef<readonly Job[]>();
  const isBehind = shallowRef(false);
  /** The question the rows answer: another one may move everything. */
  let answered: unknown;

  function show(mayMove: boolean): void {
    const items = query.data.value?.items;
    const fresh = items && sharedWith(rows.value, items);
    if (!fresh || mayMove || !rows.value) {
      rows.value = fresh;
      isBehind.value = false;
    } else {
      const steady = inOldPlaces(rows.value, fresh, nameOf);
      rows.value = steady.rows;
      isBehind.value = steady.isBehind;
    }
  }

  watch(
    [query.data, query.isPlaceholderData],
    ([, isPlaceholder]) => {
      const isNewAnswer = !isPlaceholder && answered !== asked.value;
      if (!isPlaceholder) answered = asked.value;
      show(isNewAnswer || !isHeld.value);
    },
    { immediate: true },
  );
  watch(isHeld, (now) => !now && isBehind.value && show(true));

  useLive({
    changed: (changes) => {
      if (rows.value) rows.value = withChanges(rows.value, changes);
    },
  });
  useRefresh(
    (change) =>
      change.kind === 'job' ||
      (change.kind === 'run' && rows.value?.some(({ name }) => name === change.jobName) === true),
    () => query.refetch(),
  );

  return {
    /** undefined before the first answer. */
    rows,
    isBehind,
    total: computed(() => query.data.value?.total),
    nextCursor: computed(() => query.data.value?.nextCursor),
    error: query.error,
    isLoading: query.isLoading,
    /** Whether the rows still answer the question before. */
    isStale: query.isPlaceholderData,
    refetch: () => query.refetch(),
    /** Shows what was just done before the server has told of it. */
    patch: (name: string, part: Partial<Job>) => {
      rows.value = rows.value?.map((job) => (job.name === name ? { ...job, ...part } : job));
    },
  };
}

export type JobList = ReturnType<typeof useJobList>;

import { getJob, getJobStats, type Job } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { ask } from '@/api/ask';
import { problemOf } from '@/api/problem';
import type { Change } from '@/live/changes';
import { useRefresh } from '@/live/use-refresh';
import { useSettledRefresh } from '@/live/use-settled-refresh';

/** The job of a page, as the store has it; read again when it, or a run of it, changes. */
export function useJob(name: string) {
  const query = useQuery<Job>({ key: ['job', name], query: () => ask(() => getJob({ path: { name } })), staleTime: 0 });
  // Whether a worker may run it is a matter of the workers as well.
  useRefresh(
    (change) => change.kind === 'worker' || concerns(name)(change),
    () => query.refetch(),
  );
  const isGone = computed(() => query.error.value !== null && problemOf(query.error.value).status === 404);
  return {
    /** undefined until it was read, and once it is gone. */
    job: computed(() => (isGone.value ? undefined : query.data.value)),
    /** There is no such job; its history may still be there. */
    isGone,
    error: query.error,
    refetch: () => query.refetch(),
  };
}

/** What a job came to over a window such as `7d`; of a deleted job as well. */
export function useJobStats(name: string, window: () => string) {
  const query = useQuery({
    key: () => ['job-stats', name, window()],
    query: () => ask(() => getJobStats({ path: { name }, query: { window: window() } })),
  });
  const isRunOf = (change: Change) => change.kind === 'run' && change.jobName === name;
  useSettledRefresh(isRunOf, () => query.refetch());
  return query;
}

/** Whether a change is one of the job or of a run of it. */
export function concerns(name: string) {
  return (change: Change): boolean =>
    (change.kind === 'job' && change.name === name) || (change.kind === 'run' && change.jobName === name);
}

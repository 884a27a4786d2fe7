import { getJob, getJobStats, getRun, type Job, listJobVersions, listRuns, type Run } from '@fleetcron/sdk';
import { useQuery, useQueryCache } from '@pinia/colada';
import { computed } from 'vue';
import { ask } from '@/api/ask';
import { ApiProblem } from '@/api/problem';
import { isLive } from '@/format/status';
import { useLive } from '@/live/live';
import { useRefresh } from '@/live/use-refresh';

/** Everything the page of a run knows: the run, its attempts, its job as it is and as it ran. Kept fresh while it lives. */
export function useRunPage(id: () => string) {
  const cache = useQueryCache();
  const run = useQuery({
    key: () => ['run', id()],
    query: () => ask(() => getRun({ path: { id: id() } })),
  });
  const jobName = computed(() => run.data.value?.jobName ?? '');
  const isKnown = computed(() => jobName.value !== '');

  const attempts = useQuery({
    key: () => ['run-attempts', run.data.value?.rootRunId ?? ''],
    query: async () => {
      const { items } = await ask(() =>
        listRuns({ query: { rootRunId: run.data.value!.rootRunId, job: jobName.value, limit: 100 } }),
      );
      return items.sort((left, right) => left.attempt - right.attempt || (left.shard ?? 0) - (right.shard ?? 0));
    },
    enabled: () => isKnown.value,
  });
  const job = useQuery({
    key: () => ['run-job', jobName.value],
    query: () => unlessGone(() => ask(() => getJob({ path: { name: jobName.value } }))),
    enabled: () => isKnown.value,
  });
  const stats = useQuery({
    key: () => ['run-stats', jobName.value],
    query: () => unlessGone(() => ask(() => getJobStats({ path: { name: jobName.value }, query: { window: '7d' } }))),
    enabled: () => isKnown.value,
    staleTime: 60_000,
  });
  const isOldVersion = computed(
    () => run.data.value?.jobRevision !== undefined && run.data.value.jobRevision !== job.data.value?.revision,
  );
  const versions = useQuery({
    key: () => ['run-versions', jobName.value],
    query: () => unlessGone(() => ask(() => listJobVersions({ path: { name: jobName.value } }))),
    enabled: () => isKnown.value && job.data.value !== undefined && isOldVersion.value,
  });

  /** Takes in what is known of the run by another way, such as the end of its output. */
  function set(known: Run): void {
    cache.setQueryData(['run', known.id], known);
  }

  useLive({
    changed: (changes) => {
      const shown = run.data.value;
      const change = changes.find((each) => each.kind === 'run' && each.id === id());
      if (shown && change?.kind === 'run' && isLive(shown.status) && change.status !== shown.status) {
        set({ ...shown, status: change.status });
      }
    },
  });
  useRefresh(
    (change) => change.kind === 'run' && change.id === id(),
    () => run.refetch(),
    { everyMs: 1_000 },
  );
  useRefresh(
    (change) => change.kind === 'run' && change.jobName === jobName.value,
    () => (isKnown.value ? attempts.refetch() : Promise.resolve()),
  );
  useRefresh(
    (change) => change.kind === 'job' && change.name === jobName.value,
    () => job.refetch(),
  );

  return {
    run,
    attempts,
    job: computed<Job | undefined>(() => job.data.value),
    usualMs: computed(() => (stats.data.value ? stats.data.value.duration.p50Ms : undefined)),
    /** The definition it ran; undefined where it is not kept, or not read yet. */
    definition: computed(() => {
      if (!isOldVersion.value) return job.data.value;
      return versions.data.value?.items.find(({ revision }) => revision === run.data.value?.jobRevision)?.document;
    }),
    isOldVersion,
    set,
  };
}

/** What is read, or undefined where the job has been deleted. */
async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

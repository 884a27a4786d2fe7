import type { Run } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { isLive } from '@/format/status';
import { useRefresh } from '@/live/use-refresh';
import { notifyProblem } from '@/ui/notify';
import { findLastSuccess, findNext, findPrevious } from './neighbours';

/** The runs one can go to, or compare with, from this one. `next` is looked for again when its job runs. */
export function useNeighbours(run: () => Run | undefined) {
  const previous = useNeighbour('previous', run, findPrevious);
  const next = useNeighbour('next', run, findNext);
  const over = (): Run | undefined => {
    const now = run();
    return now?.startTime !== undefined && !isLive(now.status) ? now : undefined;
  };
  const lastSuccess = useNeighbour('success', over, findLastSuccess);
  useRefresh(
    (change) => change.kind === 'run' && change.jobName === run()?.jobName,
    () => (next.isNone.value ? next.refetch() : Promise.resolve()),
    { everyMs: 3_000 },
  );
  return { previous, next, lastSuccess };
}

/** A run beside another, such as the next one. */
export type Neighbour = ReturnType<typeof useNeighbour>;

function useNeighbour(kind: string, of: () => Run | undefined, find: (run: Run) => Promise<Run | undefined>) {
  const query = useQuery({
    key: () => ['run-neighbour', kind, of()?.id ?? ''],
    query: async () => {
      const run = of();
      // A query that gives nothing counts as not answered.
      return (run && (await find(run))) ?? null;
    },
    enabled: () => of() !== undefined,
    staleTime: 10_000,
  });
  return {
    /** It was looked for, and there is none. */
    isNone: computed(() => query.data.value === null),
    /** Whether one may go there: it is there, or could not be looked for and is looked for again. */
    canOpen: computed(() => Boolean(query.data.value) || query.error.value !== null),
    refetch: () => query.refetch(),
    /** Its id; undefined where there is none, or it cannot be found out, which is told. */
    async id(): Promise<string | undefined> {
      if (query.data.value) return query.data.value.id;
      const { data, error } = await query.refetch();
      if (error) notifyProblem(error);
      return data?.id;
    },
  };
}

import { getAttention, getStats, type Job, listJobs } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { ask } from '@/api/ask';
import { isLive } from '@/format/status';
import type { Change } from '@/live/changes';
import { useAskAgain } from '@/live/use-ask-again';
import { useRefresh } from '@/live/use-refresh';
import { useSettledRefresh } from '@/live/use-settled-refresh';

const ASK_AGAIN_MS = 60_000;
const isEnded = (change: Change): boolean => change.kind === 'run' && !isLive(change.status);
const isOfJob = (change: Change): boolean => change.kind === 'job';

/** What went wrong within a day; read again as runs end. */
export function useAttention() {
  const query = useQuery({
    key: ['attention', '24h'],
    query: () => ask(() => getAttention({ query: { window: '24h' } })),
  });
  readAsRunsEnd(() => query.refetch(), { everyMs: 4_000, afterMs: 3_000 });
  return query;
}

/** The figures of the last day. Roll-ups lag behind the runs a little, so they are read again at leisure. */
export function useDayStats() {
  const query = useQuery({ key: ['stats', '24h'], query: () => ask(() => getStats({ query: { window: '24h' } })) });
  readAsRunsEnd(() => query.refetch(), { everyMs: 10_000 });
  return query;
}

/** At once, once history has heard of it, and each minute: history may have been away. */
function readAsRunsEnd(
  read: () => Promise<unknown>,
  { everyMs, ...settled }: { readonly everyMs: number; readonly afterMs?: number },
): void {
  useRefresh(isEnded, read, { everyMs });
  useSettledRefresh(isEnded, read, settled);
  useAskAgain(read, ASK_AGAIN_MS);
}

/** How many jobs there are; undefined before that is known. */
export function useJobCount() {
  const query = useQuery({
    key: ['jobs', 'count'],
    query: () => ask(() => listJobs({ query: { limit: 1, recentRuns: 0 } })),
  });
  useRefresh(isOfJob, () => query.refetch(), { everyMs: 5_000 });
  return { count: computed(() => query.data.value?.total), query };
}

/** A job whose next fire is known. */
export type Coming = Job & { readonly nextFireAt: string };

const SHOWN = 12;

/** The jobs that fire next, each once, soonest first. `refresh` reads again: a fire has passed. */
export function useComing() {
  const query = useQuery({
    key: ['jobs', 'coming'],
    query: () => ask(() => listJobs({ query: { sort: 'next', state: 'enabled', limit: SHOWN, recentRuns: 0 } })),
    staleTime: 1_000,
  });
  useRefresh(isOfJob, () => query.refetch());
  const jobs = computed(() => query.data.value?.items.filter((job): job is Coming => job.nextFireAt !== undefined));
  return { jobs, query };
}

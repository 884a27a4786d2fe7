import { listRuns } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { ask } from '@/api/ask';
import { useSettledRefresh } from '@/live/use-settled-refresh';
import { useUrlText } from '@/ui/url-state';
import { useJobStats } from '../use-job';
import { bandByDay, bandByHour, dotsOf, outliersOf, p95OfDots } from './duration-data';

export const WINDOWS = ['24h', '7d', '30d', '90d'] as const;
export type Window = (typeof WINDOWS)[number];

/** Runs shown as dots. */
const MOST_DOTS = 200;
const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<Window, number>> = { '24h': 1, '7d': 7, '30d': 30, '90d': 90 };
/** What has a duration: it ran, and has ended. */
const ENDED = 'succeeded,failed,timedOut,killed,lost';

/** How long the runs of a job took over a window that stands in the address. */
export function useDurations(name: string, zone: () => string) {
  const given = useUrlText('window');
  const window = computed<Window>({
    get: () => WINDOWS.find((each) => each === given.value) ?? '7d',
    set: (value) => {
      given.value = value === '7d' ? '' : value;
    },
  });
  const stats = useJobStats(name, () => window.value);
  const runs = useQuery({
    key: () => ['job-dots', name, window.value],
    query: () => {
      const from = new Date(Date.now() - DAYS[window.value] * DAY_MS).toISOString();
      return ask(() => listRuns({ query: { job: name, status: ENDED, from, limit: MOST_DOTS } }));
    },
  });
  useSettledRefresh(
    (change) => change.kind === 'run' && change.jobName === name,
    () => runs.refetch(),
  );

  const isByDay = computed(() => DAYS[window.value] > 7);
  const dots = computed(() => dotsOf(runs.data.value?.items ?? []));
  return {
    window,
    stats: stats.data,
    error: computed(() => stats.error.value ?? runs.error.value),
    isRead: computed(() => stats.data.value !== undefined && runs.data.value !== undefined),
    retry: () => Promise.all([stats.refetch(), runs.refetch()]),
    isByDay,
    /** The band, by the hour up to a week, else by the day. */
    band: computed(() => {
      const hours = stats.data.value?.hours ?? [];
      return isByDay.value ? bandByDay(hours, zone()) : bandByHour(hours);
    }),
    dots,
    /** More runs than dots. */
    isCut: computed(() => runs.data.value?.nextCursor !== undefined),
    outliers: computed(() => outliersOf(dots.value, stats.data.value?.duration.p95Ms ?? p95OfDots(dots.value))),
  };
}

import { cancelRun, getJobStats, killRun, listRuns, type Run, type RunPage } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { ask } from '@/api/ask';
import { useRefresh } from '@/live/use-refresh';
import { confirm } from '@/ui/confirm';
import { notifyDone, notifyProblem } from '@/ui/notify';

const SHOWN = 20;

/** What runs and waits now, longest first. A list of at most 20, and whether there is more. */
export function useRunning() {
  const query = useQuery({
    key: ['runs', 'underway'],
    query: () => ask(() => listRuns({ query: { status: 'running,queued', limit: SHOWN + 1 } })),
    placeholderData: (previous: RunPage | undefined) => previous,
    staleTime: 1_000,
  });
  useRefresh(
    ({ kind }) => kind === 'run',
    () => query.refetch(),
  );
  const runs = computed(() => query.data.value && inOrder(query.data.value.items).slice(0, SHOWN));
  const hasMore = computed(() => {
    const { data } = query;
    return data.value !== undefined && (data.value.items.length > SHOWN || data.value.nextCursor !== undefined);
  });
  return { runs, hasMore, query };
}

/** New ones at the end, so that nothing moves when one comes. */
function inOrder(runs: readonly Run[]): readonly Run[] {
  const since = (run: Run): string => run.startTime ?? run.claimedAt ?? run.scheduledTime;
  const rank = (run: Run): number => (run.status === 'running' ? 0 : 1);
  return [...runs].sort(
    (left, right) =>
      rank(left) - rank(right) || since(left).localeCompare(since(right)) || (left.id < right.id ? -1 : 1),
  );
}

/** How long a run of the job takes as a rule, milliseconds; undefined where nobody knows. Asked once in five minutes. */
export function useUsual(jobName: () => string) {
  const query = useQuery({
    key: () => ['job', jobName(), 'stats', '7d'],
    query: () => ask(() => getJobStats({ path: { name: jobName() }, query: { window: '7d' } })),
    staleTime: 300_000,
    gcTime: 600_000,
  });
  return computed(() => query.data.value?.duration.p50Ms);
}

/** Ends a run that is on its way, after a question that names it. */
export function useEnding() {
  const { t } = useI18n();
  return async ({ id, jobName: name, status, worker }: Run): Promise<void> => {
    const isRunning = status === 'running';
    const consent = await confirm({
      title: isRunning ? t('overview.killTitle', { name, worker: worker ?? '?' }) : t('overview.cancelTitle', { name }),
      text: t(isRunning ? 'overview.killText' : 'overview.cancelText'),
      action: t(isRunning ? 'action.kill' : 'overview.cancelRun'),
      isDangerous: true,
      asksReason: isRunning,
    });
    if (!consent) return;
    const body = consent.reason ? { reason: consent.reason } : {};
    try {
      await ask(() => (isRunning ? killRun({ path: { id }, body }) : cancelRun({ path: { id } })));
      notifyDone(t('overview.killAsked', { name }));
    } catch (error) {
      notifyProblem(error, name);
    }
  };
}

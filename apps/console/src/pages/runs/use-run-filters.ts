import type { ListRunsData, Run } from '@fleetcron/sdk';
import { computed } from 'vue';
import { useRouter } from 'vue-router';
import { RUN_STATUSES, type RunStatus } from '@/format/status';
import { viewerZone } from '@/format/zone';
import { useUrlList, useUrlText } from '@/ui/url-state';
import { isPeriod, startOf } from './period';

export const TRIGGERS: readonly Run['trigger'][] = [
  'schedule',
  'manual',
  'retry',
  'dependency',
  'backfill',
  'catchUp',
  'broadcast',
  'shard',
];

export type RunsQuery = NonNullable<ListRunsData['query']>;

/** What the list is filtered by; all of it in the address: `status trigger job worker search period from to`. */
export function useRunFilters() {
  const router = useRouter();
  const status = useUrlList('status');
  const trigger = useUrlList('trigger');
  const job = useUrlText('job');
  const worker = useUrlText('worker');
  const search = useUrlText('search');
  const period = useUrlText('period');
  const from = useUrlText('from');
  const to = useUrlText('to');

  const statuses = computed({
    get: () =>
      listed(status.value).filter((each): each is RunStatus => (RUN_STATUSES as readonly string[]).includes(each)),
    set: (values) => {
      status.value = values;
    },
  });
  const triggers = computed({
    get: () => listed(trigger.value).filter((each) => (TRIGGERS as readonly string[]).includes(each)),
    set: (values) => {
      trigger.value = values;
    },
  });
  const words = computed(() => ({
    ...(statuses.value.length > 0 && { status: statuses.value.join(',') }),
    ...(triggers.value.length > 0 && { trigger: triggers.value.join(',') }),
    ...(job.value && { job: job.value }),
    ...(worker.value && { worker: worker.value }),
    ...(search.value.trim() && { search: search.value.trim() }),
  }));
  const times = computed(() => ({ period: period.value, from: instant(from.value), to: instant(to.value) }));

  /** What to ask the API for now: a period that moves with the clock is worked out each time. */
  function query(now = Date.now()): RunsQuery {
    const { period: named, from: begin, to: end } = times.value;
    if (isPeriod(named)) return { ...words.value, from: new Date(startOf(named, now, viewerZone.value)).toISOString() };
    return { ...words.value, ...(begin && { from: begin }), ...(end && { to: end }) };
  }

  return {
    statuses,
    triggers,
    job,
    worker,
    search,
    period,
    from,
    to,
    query,
    /** Changes when anything is filtered differently. */
    key: computed(() => JSON.stringify([words.value, times.value, viewerZone.value])),
    isFiltered: computed(() => Object.keys(words.value).length > 0 || Object.values(times.value).some(Boolean)),
    clear: () => void router.replace({ query: {} }),
  };
}

/** Several values, each on its own or separated by commas. */
function listed(values: readonly string[]): string[] {
  return [...new Set(values.flatMap((each) => each.split(',')))].filter(Boolean);
}

/** An address is typed by people too: what is no instant filters nothing. */
function instant(text: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? '' : new Date(at).toISOString();
}

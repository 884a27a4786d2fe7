import { type Fire, type FireList, type Job, listJobFires } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { ask } from '@/api/ask';
import { formatDay } from '@/format/instant';
import { instantOf } from '@/jobs/pause-until';
import { useRefresh } from '@/live/use-refresh';
import { useHeldRows } from '@/ui/held-rows';
import { useUrlText } from '@/ui/url-state';
import { concerns } from '../use-job';
import { readNewest } from './read-newest';

/** Fires a page of the ledger holds at most. */
const MOST = 200;
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

/** Fires as they were read, newest first, and from when on they are all there. */
interface Page {
  readonly scope: string;
  readonly rows: readonly Fire[];
  readonly from: number;
  readonly pauses: FireList['pauses'];
}

/** The ledger of one day of a job, newest first. Day, page and the instant asked about stand in the address. */
export function useLedger(name: string, job: () => Job) {
  const route = useRoute();
  const router = useRouter();
  const zone = computed(() => job().timezone ?? 'UTC');
  const givenDay = useUrlText('day');
  const givenBefore = useUrlText('before');
  const givenAt = useUrlText('at');

  const at = computed(() => instantIn(givenAt.value));
  const today = () => formatDay(Date.now(), zone.value);
  const day = computed(() => {
    if (/^\d{4}-\d\d-\d\d$/.test(givenDay.value)) return givenDay.value;
    return at.value === undefined ? today() : formatDay(at.value, zone.value);
  });
  const before = computed(() => instantIn(givenBefore.value));

  function span(): { from: number; to: number } {
    const from = instantOf(day.value, '00:00:00', zone.value);
    const end = instantOf(dayBeside(day.value, 1), '00:00:00', zone.value);
    // Of today: up to the next fire. What comes after is the plan.
    const next = Date.parse(job().nextFireAt ?? '');
    const last = day.value !== today() ? end : (next < end ? Math.max(next, Date.now()) : Date.now()) + SECOND_MS;
    const to = before.value === undefined ? last : Math.min(end, before.value);
    return { from, to: Math.max(from + SECOND_MS, to) };
  }

  const scope = computed(() => `${day.value} ${zone.value} ${givenBefore.value}`);
  const query = useQuery({
    key: () => ['job-fires', name, scope.value],
    query: async () => {
      const asked = scope.value;
      let pauses: FireList['pauses'] = [];
      const newest = await readNewest<Fire>(async ({ from, to }) => {
        const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
        const answer = await ask(() => listJobFires({ path: { name }, query: { ...span, limit: MOST } }));
        ({ pauses } = answer);
        return { items: answer.items, completeTo: Date.parse(answer.completeTo) };
      }, span());
      return { scope: asked, rows: newest.items, from: newest.from, pauses };
    },
    enabled: () => job().state !== 'invalid',
    placeholderData: (previous: Page | undefined) => previous,
  });
  const held = useHeldRows(query.data, (fire: Fire) => fire.scheduledTime);
  useRefresh(concerns(name), () => query.refetch());

  return {
    zone,
    day,
    /** The instant that is asked about; undefined where none is. */
    at,
    isEarlierPage: computed(() => before.value !== undefined),
    /** Where the page before this one ends; undefined at the beginning of the day. */
    earlier: computed(() => {
      const from = query.data.value?.from;
      return from !== undefined && from > instantOf(day.value, '00:00:00', zone.value) ? from : undefined;
    }),
    rows: held.rows,
    /** The pauses that reach into what is shown. */
    pauses: computed(() => query.data.value?.pauses ?? []),
    newCount: computed(() => held.waiting.value.length),
    letIn: held.letIn,
    error: query.error,
    retry: () => query.refetch(),
    goToDay: (wanted: string) => {
      void router.push({ query: { tab: route.query['tab'], day: wanted } });
    },
    goEarlier: (until: number | undefined) => {
      const iso = until === undefined ? undefined : new Date(until).toISOString();
      void router.push({ query: { tab: route.query['tab'], day: day.value, before: iso } });
    },
    askAt: (instant: number | undefined) => {
      const asked = instant === undefined ? {} : { at: new Date(instant).toISOString() };
      const ofDay = instant === undefined ? { day: day.value } : {};
      void router.push({ query: { tab: route.query['tab'], ...ofDay, ...asked } });
    },
  };
}

/** `2026-11-22` beside `2026-11-21`. */
export function dayBeside(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function instantIn(text: string): number | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

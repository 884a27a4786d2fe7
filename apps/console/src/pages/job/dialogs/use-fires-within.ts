import { type Fire, type Job, listJobFires } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { ask } from '@/api/ask';
import { RUN_STATUSES } from '@/format/status';
import { MOST_FIRES, scheduledTimes, type Within } from './scheduled-times';

const YEAR_MS = 366 * 86_400_000;
const SECOND_MS = 1000;

/** Why a span cannot be asked about: the key of the sentence that says so. */
export function whyNot({ from, to }: Within): 'wrongOrder' | 'tooLong' | undefined {
  if (to < from) return 'wrongOrder';
  return to - from > YEAR_MS - SECOND_MS ? 'tooLong' : undefined;
}

/** The scheduled times of a job within a span, and what became of them, before something is asked for all of them. */
export function useFiresWithin(job: Job, span: () => Within | undefined) {
  const asked = computed(() => {
    const given = span();
    return given && !whyNot(given) ? given : undefined;
  });
  const query = useQuery({
    key: () => ['fires-within', job.name, asked.value?.from ?? 0, asked.value?.to ?? 0],
    enabled: () => asked.value !== undefined,
    query: async () => {
      const within = asked.value ?? { from: 0, to: 0 };
      const times = await scheduledTimes(job, within);
      const isAsked = times.length > 0 && times.length <= MOST_FIRES;
      return { times, counts: isAsked ? await outcomes(job.name, within, new Set(times)) : {} };
    },
    staleTime: 0,
  });
  return {
    /** Ascending; undefined while they are counted. */
    times: computed(() => (asked.value ? query.data.value?.times : undefined)),
    /** How many of them ended how before. */
    counts: computed(() => query.data.value?.counts ?? {}),
    error: query.error,
  };
}

async function outcomes(
  name: string,
  { from, to }: Within,
  times: ReadonlySet<number>,
): Promise<Record<string, number>> {
  const query = {
    from: new Date(from).toISOString(),
    to: new Date(to + SECOND_MS).toISOString(),
    limit: 2 * MOST_FIRES,
  };
  const { items } = await ask(() => listJobFires({ path: { name }, query }));
  return countOutcomes(items.filter(({ scheduledTime }) => times.has(Date.parse(scheduledTime))));
}

/** How many of the fires have which outcome; those without one are left out. */
export function countOutcomes(fires: readonly Pick<Fire, 'status'>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of fires) {
    if ((RUN_STATUSES as readonly string[]).includes(status)) counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

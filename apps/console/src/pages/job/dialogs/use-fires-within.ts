import { type Fire, listJobFires } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { ask } from '@/api/ask';

/** Fires one backfill may ask for. */
export const MOST_FIRES = 1000;
const YEAR_MS = 366 * 86_400_000;
const SECOND_MS = 1000;

/** A span of epoch milliseconds, both ends inclusive. */
export interface Within {
  readonly from: number;
  readonly to: number;
}

/** Why a span cannot be asked about: the key of the sentence that says so. */
export function whyNot({ from, to }: Within): 'wrongOrder' | 'tooLong' | undefined {
  if (to < from) return 'wrongOrder';
  return to - from > YEAR_MS - SECOND_MS ? 'tooLong' : undefined;
}

/** The scheduled times of a job within a span, before something is asked for all of them. */
export function useFiresWithin(name: string, span: () => Within | undefined) {
  const asked = computed(() => {
    const given = span();
    return given && !whyNot(given) ? given : undefined;
  });
  const query = useQuery({
    key: () => ['fires-within', name, asked.value?.from ?? 0, asked.value?.to ?? 0],
    enabled: () => asked.value !== undefined,
    query: () => {
      const { from, to } = asked.value ?? { from: 0, to: 0 };
      const iso = (at: number) => new Date(at).toISOString();
      return ask(() =>
        listJobFires({ path: { name }, query: { from: iso(from), to: iso(to + SECOND_MS), limit: 2 * MOST_FIRES } }),
      );
    },
    staleTime: 0,
  });
  return {
    /** On schedule, ascending; undefined while they are counted. */
    fires: computed(() =>
      asked.value ? query.data.value?.items.filter(({ isOnSchedule }) => isOnSchedule) : undefined,
    ),
    error: query.error,
  };
}

/** How many of the fires are in which state; what has not happened is left out. */
export function countByStatus(fires: readonly Pick<Fire, 'status'>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of fires) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

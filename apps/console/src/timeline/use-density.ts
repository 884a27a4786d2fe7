import { getPlanDensity, type PlanDensity } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { ask } from '@/api/ask';
import { useAskAgain } from '@/live/use-ask-again';
import { useRefresh } from '@/live/use-refresh';
import { busiestOf, crowdsOf, type Density } from './crowding';
import type { Span } from './span';

/** Which fires are counted, and in which steps. */
export interface DensityWish {
  readonly span: Span;
  readonly stepMs: number;
  readonly search?: string;
  readonly group?: string;
}

const MINUTE = 60_000;

/** How crowded what is to come of a span is. The busiest step is looked at again by the minute, so that its minute can be named. */
export function useDensity(wish: () => DensityWish) {
  const query = useQuery({
    key: () => ['plan', 'density', wireOf(wish())],
    query: () => ask(() => getPlanDensity({ query: wireOf(wish()) })),
    placeholderData: (previous: PlanDensity | undefined) => previous,
    staleTime: 30_000,
  });
  useRefresh(
    ({ kind }) => kind === 'job',
    () => query.refetch(),
    { everyMs: 10_000 },
  );
  // Less and less is to come of the present step.
  useAskAgain(() => query.refetch(), MINUTE);

  const density = computed(() => query.data.value && densityOf(query.data.value));
  const crowds = computed(() => (density.value ? crowdsOf(density.value) : []));
  const busiest = computed(() => density.value && busiestOf(density.value));

  const minutes = useQuery({
    key: () => ['plan', 'density', 'minutes', minutesWish() ?? {}],
    query: () => ask(() => getPlanDensity({ query: minutesWish() ?? {} })),
    enabled: () => minutesWish() !== undefined,
    staleTime: 60_000,
  });

  function minutesWish() {
    const at = busiest.value;
    if (!at || at.count < 2 || at.untilAt - at.at <= MINUTE) return undefined;
    return wireOf({ ...wish(), span: { from: at.at, to: at.untilAt }, stepMs: MINUTE });
  }

  return {
    density,
    crowds,
    /** The busiest minute; undefined before it is known, and where nothing fires. */
    busiestMinute: computed(() => {
      const at = busiest.value;
      if (!at || at.untilAt - at.at <= MINUTE) return at;
      const { data } = minutes;
      const found = data.value && Date.parse(data.value.from) === at.at ? busiestOf(densityOf(data.value)) : undefined;
      return found;
    }),
    /** Counts are too low: there are too many schedules. */
    isPartial: computed(() => query.data.value?.isComplete === false),
    error: query.error,
  };
}

function wireOf({ span, stepMs, search, group }: DensityWish) {
  return {
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    stepSeconds: stepMs / 1000,
    toCome: true,
    ...(search && { search }),
    ...(group && { group }),
  };
}

function densityOf({ from, stepSeconds, counts }: PlanDensity): Density {
  return { from: Date.parse(from), stepMs: stepSeconds * 1000, counts };
}

import { getPlanDensity, type PlanDensity } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { ask } from '@/api/ask';
import { wallClock } from '@/format/instant';
import { type Crowd, crowdOf } from '@/schedule/crowding';
import type { Editor } from './editor';
import type { Preview } from './preview';

const MINUTE = 60_000;

/** How crowded the minute of the next fire is, and its hour around it. */
export function useCrowd(editor: Editor, { fires, savedFires, isStale }: Preview) {
  const at = computed(() => fires.value[0]);
  const minute = computed(() => (at.value === undefined ? 0 : Number(wallClock(at.value, editor.clock.value).minute)));
  /** Start of the hour on the clocks of the zone, which need not be one of UTC. */
  const from = computed(() => {
    if (at.value === undefined || isStale.value) return undefined;
    return Math.floor(at.value / MINUTE) * MINUTE - minute.value * MINUTE;
  });
  const density = useQuery<PlanDensity>({
    key: () => ['crowd', from.value ?? 0],
    query: () => {
      const [start, end] = [from.value!, from.value! + 60 * MINUTE].map((each) => new Date(each).toISOString());
      return ask(() => getPlanDensity({ query: { from: start!, to: end!, stepSeconds: 60 } }));
    },
    enabled: () => from.value !== undefined,
    staleTime: 30_000,
  });

  return {
    at,
    /** undefined while it is not known, or there is nothing to fire. */
    crowd: computed<Crowd | undefined>(() => {
      const counts = density.data.value?.counts;
      if (!counts || at.value === undefined) return undefined;
      const start = Math.floor(at.value / MINUTE) * MINUTE;
      const own = savedFires.value.filter((fire) => fire >= start && fire < start + MINUTE).length;
      return crowdOf(counts.slice(0, 60), minute.value, isPaused(editor) ? 0 : own);
    }),
  };
}

/** The plan does not count what is paused. */
function isPaused(editor: Editor): boolean {
  return editor.base.value.paused === true;
}

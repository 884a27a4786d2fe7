import type { Worker } from '@fleetcron/sdk';
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import { useWorkers } from '@/shell/cluster-health';
import { type Departed, departedNow } from './departed';

/** Kept while the console is open, so that who leaves the page and comes back still sees who went. */
const departed = shallowRef<readonly Departed[]>([]);
let last: readonly Worker[] = [];
const TIDY_MS = 30_000;

/** The workers that are there, and those that went while somebody looked. */
export function useFleet() {
  const query = useWorkers();
  const workers = computed(() => query.data.value?.items);

  function note(now: readonly Worker[]): void {
    departed.value = departedNow(departed.value, { before: last, now, at: Date.now() });
    last = now;
  }

  watch(workers, (now) => now && note(now), { immediate: true });
  const timer = setInterval(() => note(last), TIDY_MS);
  onScopeDispose(() => clearInterval(timer));

  return {
    query,
    workers,
    departed: computed(() => departed.value),
    forget: (id: string): void => {
      departed.value = departed.value.filter(({ worker }) => worker.id !== id);
    },
  };
}

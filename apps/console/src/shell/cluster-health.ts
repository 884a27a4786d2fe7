import { type Cluster, getCluster, listWorkers, type WorkerList } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { onScopeDispose } from 'vue';
import { ask } from '@/api/ask';
import { useRefresh } from '@/live/use-refresh';

const ASK_AGAIN_MS = 15_000;

/** How the whole stands; one question for all who ask. Asked again every 15 s while the page is seen. */
export function useCluster() {
  const query = useQuery<Cluster>({ key: ['cluster'], query: () => ask(() => getCluster()), staleTime: 5_000 });
  const timer = setInterval(() => document.visibilityState === 'visible' && void query.refresh(), ASK_AGAIN_MS);
  onScopeDispose(() => clearInterval(timer));
  return query;
}

/** The workers that are there; read again when one comes, goes or changes. */
export function useWorkers() {
  const query = useQuery<WorkerList>({ key: ['workers'], query: () => ask(() => listWorkers()), staleTime: 2_000 });
  useRefresh(
    (change) => change.kind === 'worker',
    () => query.refetch(),
  );
  return query;
}

import type { CoordinationStore } from '@app/etcd';
import { rendezvousWeight } from '../policy/rank.js';
import type { FleetView } from '../session/fleet-view.js';
import type { Keys } from '../store/keys.js';

/** Whether a worker keeps house for want of a master: no leader is there, and it is the first of the workers for that. */
export async function isHousekeeperOfNeed(
  store: CoordinationStore,
  keys: Keys,
  fleet: FleetView,
  workerId: string,
): Promise<boolean> {
  if (await store.get(keys.leader)) return false;
  const [first] = [...fleet.workers].sort(
    (a, b) => rendezvousWeight('sweep', b.id) - rendezvousWeight('sweep', a.id) || (a.id < b.id ? -1 : 1),
  );
  return first?.id === workerId;
}

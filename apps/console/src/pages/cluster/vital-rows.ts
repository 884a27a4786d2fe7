import type { Cluster, MasterVitals, WorkerVitals } from '@fleetcron/sdk';

/** How one process does: a worker or a master, in one table. */
export interface VitalRow {
  readonly key: string;
  readonly id: string;
  readonly kind: 'worker' | 'master';
  /** undefined where it does not tell: it is older, or its beats do not arrive. */
  readonly loopStallMs: number | undefined;
  readonly loopWaitMs: number | undefined;
  readonly watchLagMs: number | undefined;
  readonly clockOffsetMs: number | undefined;
  /** What only workers have. */
  readonly work: WorkerVitals | undefined;
}

/** Workers, then masters, in the order the server gives them; undefined before the first answer. */
export function vitalRows(
  workers: Cluster['workers'] | undefined,
  masters: Cluster['masters'] | undefined,
): readonly VitalRow[] | undefined {
  if (!workers || !masters) return undefined;
  return [
    ...workers.map((worker) => ({
      ...rowOf('worker', worker),
      clockOffsetMs: worker.clockOffsetMs,
      work: worker.vitals,
    })),
    ...masters.map((master) => ({
      ...rowOf('master', master),
      clockOffsetMs: master.vitals?.clockOffsetMs,
      work: undefined,
    })),
  ];
}

function rowOf(kind: VitalRow['kind'], { id, vitals }: { id: string; vitals?: WorkerVitals | MasterVitals }) {
  const { loopStallMs, loopWaitMs, watchLagMs } = vitals ?? {};
  return { key: `${kind} ${id}`, id, kind, loopStallMs, loopWaitMs, watchLagMs };
}

import type { Job, Worker } from '@fleetcron/sdk';

type Binding = Pick<Job, 'group' | 'routing'>;

/** Whether a job is bound to a worker: by its group, the labels it selects by, and the one it names. */
export function isBoundTo(job: Binding, worker: Pick<Worker, 'id' | 'group' | 'labels'>): boolean {
  const { worker: pinned, selector } = job.routing ?? {};
  return (
    worker.group === (job.group ?? 'default') &&
    worker.id === (pinned ?? worker.id) &&
    Object.entries(selector ?? {}).every(([label, value]) => worker.labels[label] === value)
  );
}

/** Whether a worker takes runs now, or will in a moment: not one that drains, nor one that is unwell. */
export function isTaking({ state }: Pick<Worker, 'state'>): boolean {
  return state === 'ready' || state === 'starting';
}

/** Whether a worker may take runs of a job now. */
export function mayRunOn(job: Binding, worker: Pick<Worker, 'id' | 'group' | 'labels' | 'state'>): boolean {
  return isTaking(worker) && isBoundTo(job, worker);
}

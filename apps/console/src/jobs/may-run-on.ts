import type { Job, Worker } from '@fleetcron/sdk';

/** Whether a worker may take runs of a job now: its group, the labels it must carry, the worker it is pinned to. */
export function mayRunOn(
  job: Pick<Job, 'group' | 'routing'>,
  worker: Pick<Worker, 'id' | 'group' | 'labels' | 'state'>,
): boolean {
  const { worker: pinned, selector = {} } = job.routing ?? {};
  return (
    worker.group === (job.group ?? 'default') &&
    worker.state !== 'draining' &&
    (pinned === undefined || pinned === worker.id) &&
    Object.entries(selector).every(([key, value]) => worker.labels[key] === value)
  );
}

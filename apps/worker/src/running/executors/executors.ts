import type { Job, RunHost, RunHostListener, StartOrder } from '@app/jobs';
import type { Executor, RunContext } from './executor.js';

/**
 * All executors of a worker as one: makes the order with the executor the job names, and gives it to that executor's
 * host. What is told about runs and sessions goes to every host; each ignores runs it does not know.
 */
export class Executors implements RunHost {
  private readonly byKind: ReadonlyMap<Job['executor'], Executor>;
  private readonly hosts: ReadonlySet<RunHost>;
  private readonly hostOf = new WeakMap<StartOrder, RunHost>();

  constructor(executors: readonly Executor[]) {
    this.byKind = new Map(executors.map((executor) => [executor.kind, executor]));
    this.hosts = new Set(executors.map((executor) => executor.host));
  }

  /** The order for one run, to be given to `start()` as it is. Throws an Error with the reason, in a sentence. */
  order(job: Job, context: RunContext): StartOrder {
    const executor = this.byKind.get(job.executor);
    if (!executor) throw new Error(`this worker has no executor "${job.executor}"`);
    const order = executor.order(job, context);
    this.hostOf.set(order, executor.host);
    return order;
  }

  listen(listener: RunHostListener): void {
    for (const host of this.hosts) host.listen(listener);
  }

  /** Throws for an order that was not made here: nobody would answer it. */
  start(order: StartOrder): void {
    const host = this.hostOf.get(order);
    if (!host) throw new Error(`the order ${order.runId} was not made by an executor of this worker`);
    host.start(order);
  }

  kill(runId: string): void {
    for (const host of this.hosts) host.kill(runId);
  }

  setSessionDeadline(session: string, deadlineBootMs: number): void {
    for (const host of this.hosts) host.setSessionDeadline(session, deadlineBootMs);
  }

  rebind(runId: string, session: string): void {
    for (const host of this.hosts) host.rebind(runId, session);
  }

  async canStart(): Promise<boolean> {
    const answers = await Promise.all([...this.hosts].map((host) => host.canStart()));
    return answers.every((canStart) => canStart);
  }

  settled(runId: string): void {
    for (const host of this.hosts) host.settled?.(runId);
  }
}

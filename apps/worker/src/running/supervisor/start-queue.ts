import type { StartOrder, StartRefusal } from '@app/jobs';
import type { Journal } from '../journal/journal.js';
import { CannotStart } from '../processes/cannot-start.js';
import { type Means, planSpawn, type SpawnPlan } from '../processes/spawn-plan.js';
import type { SystemUsers } from '../processes/system-user.js';
import type { SpawnedChild } from './spawned-child.js';
import type { Spawner } from './spawner.js';

/** What a start needs, and where its answer goes. */
export interface StartParts {
  readonly journal: Journal;
  readonly users: SystemUsers;
  readonly means: Means;
  readonly spawner: Spawner;
  /** Why it is too late to start the order now, in a sentence; undefined while it is not. Asked just before the spawn. */
  tooLate(order: StartOrder): string | undefined;
  /** Called in the same turn in which the process came into being. */
  started(order: StartOrder, child: SpawnedChild): void;
  refused(refusal: StartRefusal): void;
}

/**
 * Takes orders to their process: plan, journal, one last look at the clock, spawn. Orders wait here meanwhile and can
 * be refused until the moment of the spawn. Starts journal in parallel and spawn one per turn of the event loop, so that
 * a thousand at once do not keep output and kills waiting.
 */
export class StartQueue {
  private readonly waiting = new Map<string, StartOrder>();
  private readonly ready: (() => Promise<void>)[] = [];
  private closed?: string;

  constructor(private readonly parts: StartParts) {}

  /** Orders that are neither started nor refused. */
  get orders(): readonly StartOrder[] {
    return [...this.waiting.values()];
  }

  has(runId: string): boolean {
    return this.waiting.has(runId);
  }

  async submit(order: StartOrder): Promise<void> {
    const { journal, users, means } = this.parts;
    this.waiting.set(order.runId, order);
    if (this.closed !== undefined) return this.refuse(order.runId, 'closing', this.closed);
    try {
      const user = order.user === undefined ? undefined : await users.find(order.user);
      // Refused while the user was looked up: it leaves no trace in the journal.
      if (!this.waiting.has(order.runId)) return;
      const plan = planSpawn(order, user, means);
      await journal.write({ t: 'spawning', run: order.runId, job: order.jobName, session: order.session });
      this.ready.push(() => this.spawn(order.runId, plan));
      if (this.ready.length === 1) setImmediate(() => void this.spawnNext());
    } catch (error) {
      if (error instanceof CannotStart) this.refuse(order.runId, 'spawn', error.message);
      else this.refuse(order.runId, 'journal', `the start could not be journalled: ${(error as Error).message}`);
    }
  }

  /** The order will belong to this session. False when it does not wait here. */
  rebind(runId: string, session: string): boolean {
    const order = this.waiting.get(runId);
    if (order) this.waiting.set(runId, { ...order, session });
    return order !== undefined;
  }

  /** Refuses one order; without effect when it does not wait here. */
  refuse(runId: string, why: StartRefusal['why'], detail: string): void {
    if (!this.waiting.delete(runId)) return;
    if (this.parts.journal.state.run(runId)) this.parts.journal.note({ t: 'never', run: runId });
    this.parts.refused({ runId, why, detail });
  }

  /** Refuses all that wait, and all that come. */
  close(detail: string): void {
    this.closed = detail;
    for (const runId of [...this.waiting.keys()]) this.refuse(runId, 'closing', detail);
  }

  private async spawnNext(): Promise<void> {
    await this.ready[0]?.();
    this.ready.shift();
    if (this.ready.length > 0) setImmediate(() => void this.spawnNext());
  }

  private async spawn(runId: string, plan: SpawnPlan): Promise<void> {
    const order = this.waiting.get(runId);
    if (!order) return;
    const late = this.parts.tooLate(order);
    if (late !== undefined) return this.refuse(runId, 'tooLate', late);
    try {
      const child = await this.parts.spawner.spawn(plan);
      this.waiting.delete(runId);
      this.parts.started(order, child);
    } catch (error) {
      this.refuse(runId, 'spawn', (error as Error).message);
    }
  }
}

import { type CoordinationStore, LeaseKeeper } from '@app/etcd';
import type { Keys } from '@app/jobs';
import { type CancelTimer, type Clock, type Log, StoreUnavailable } from '@app/platform';

/** What a master says of itself under `masters/ID`. */
export interface MasterFacts {
  readonly id: string;
  readonly address: string;
  readonly pid: number;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

const RETRY_MS = 1000;

/** Keeps this master's presence in the store for as long as it is up: for people to see, nothing depends on it. */
export class MasterPresence {
  private keeper: LeaseKeeper | undefined;
  private cancelRetry: CancelTimer | undefined;
  private isStopped = false;

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly facts: MasterFacts,
  ) {}

  start(): void {
    void this.appear();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.cancelRetry?.();
    await this.keeper?.stop();
  }

  private async appear(): Promise<void> {
    const { store, clock, log } = this;
    try {
      const keeper = await LeaseKeeper.grant({ store, clock, log }, { lost: () => this.again() });
      this.keeper = keeper;
      const key = this.keys.masters + this.facts.id;
      const value = JSON.stringify({ v: 1, ...this.facts });
      const [settled] = await store.transactAll([
        { compare: [], then: [{ kind: 'put', key, value, lease: keeper.lease }] },
      ]);
      if (settled?.ok === false) throw settled.error;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await this.keeper?.stop();
      this.again();
    }
  }

  private again(): void {
    this.keeper = undefined;
    if (!this.isStopped) this.cancelRetry = this.clock.timer(RETRY_MS, () => void this.appear());
  }
}

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
    private facts: MasterFacts,
  ) {}

  start(): void {
    void this.appear();
  }

  /** Says where it is really reached, once that is known: any free port may have been asked for. */
  servesAt(address: string): void {
    if (address === this.facts.address) return;
    this.facts = { ...this.facts, address };
    if (this.keeper)
      void this.write(this.keeper).catch((error: unknown) => this.log.warn('Presence is old', { error }));
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
      await this.write(keeper);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await this.keeper?.stop();
      this.again();
    }
  }

  private async write(keeper: LeaseKeeper): Promise<void> {
    const { facts } = this;
    const { lease } = keeper;
    const put = {
      kind: 'put',
      key: this.keys.masters + facts.id,
      value: JSON.stringify({ v: 1, ...facts }),
      lease,
    } as const;
    const [settled] = await this.store.transactAll([{ compare: [], then: [put] }]);
    if (settled?.ok === false) throw settled.error;
    // Changed while this was on its way, and perhaps written before it.
    if (facts !== this.facts) await this.write(keeper);
  }

  private again(): void {
    this.keeper = undefined;
    if (!this.isStopped) this.cancelRetry = this.clock.timer(RETRY_MS, () => void this.appear());
  }
}

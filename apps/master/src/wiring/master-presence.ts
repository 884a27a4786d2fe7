import { type CoordinationStore, LeaseKeeper } from '@app/etcd';
import type { Keys } from '@app/jobs';
import { type CancelTimer, type Clock, type Log, mayPass } from '@app/platform';
import type { MasterVitals } from '../ports/cluster-status.js';

/** What a master says of itself under `masters/ID`. */
export interface MasterFacts {
  readonly id: string;
  readonly address: string;
  readonly pid: number;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Version of its time zone data. */
  readonly tzData: string;
}

const RETRY_MS = 1000;
/** How it does is said again so often: for people to look at, so seldom enough to cost nothing. */
const TELL_EVERY_MS = 10_000;

/** Keeps this master's presence in the store for as long as it is up: for people to see, nothing depends on it. */
export class MasterPresence {
  private keeper: LeaseKeeper | undefined;
  private cancelRetry: CancelTimer | undefined;
  private cancelTelling: CancelTimer | undefined;
  private isStopped = false;

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    private facts: MasterFacts,
    /** Asked anew whenever something is said. */
    private readonly vitals: () => MasterVitals,
  ) {}

  start(): void {
    void this.appear();
  }

  /** Says where it is really reached, once that is known: any free port may have been asked for. */
  servesAt(address: string): void {
    if (address === this.facts.address) return;
    this.facts = { ...this.facts, address };
    this.tell();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.cancelRetry?.();
    this.cancelTelling?.();
    await this.keeper?.stop();
  }

  private async appear(): Promise<void> {
    const { store, clock, log } = this;
    try {
      const keeper = await LeaseKeeper.grant({ store, clock, log }, { lost: () => this.again() });
      this.keeper = keeper;
      await this.write(keeper);
      this.tellLater();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await this.keeper?.stop();
      this.again();
    }
  }

  private tell(): void {
    if (this.keeper)
      void this.write(this.keeper).catch((error: unknown) => this.log.warn('Presence is old', { error }));
  }

  private tellLater(): void {
    if (this.isStopped) return;
    this.cancelTelling = this.clock.timer(TELL_EVERY_MS, () => {
      this.tell();
      this.tellLater();
    });
  }

  private async write(keeper: LeaseKeeper): Promise<void> {
    const { facts } = this;
    const { lease } = keeper;
    const put = {
      kind: 'put',
      key: this.keys.masters + facts.id,
      value: JSON.stringify({ v: 1, ...facts, vitals: this.vitals() }),
      lease,
    } as const;
    const [settled] = await this.store.transactAll([{ compare: [], then: [put] }]);
    if (settled?.ok === false) throw settled.error;
    // Changed while this was on its way, and perhaps written before it.
    if (facts !== this.facts) await this.write(keeper);
  }

  private again(): void {
    this.keeper = undefined;
    this.cancelTelling?.();
    if (!this.isStopped) this.cancelRetry = this.clock.timer(RETRY_MS, () => void this.appear());
  }
}

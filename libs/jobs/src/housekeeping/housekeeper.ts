import { type CoordinationStore } from '@app/etcd';
import { type CancelTimer, type Clock, type Log, mayPass } from '@app/platform';
import { Courier, NotDelivered } from '../claiming/courier.js';
import type { Delivery } from '../delivery/delivery.js';
import type { JobRegistry } from '../registry/job-registry.js';
import type { FleetView } from '../session/fleet-view.js';
import type { Keys } from '../store/keys.js';
import type { SessionRef } from '../store/run-entry.js';
import { takeCensus } from './census.js';
import { Compaction } from './compaction.js';
import { CursorKeeping } from './cursor-keeping.js';
import { IdleLocks } from './idle-locks.js';
import { LostRuns } from './lost-runs.js';
import { OldKills } from './old-kills.js';
import { OrphanFires } from './orphan-fires.js';
import { OrphanRequests } from './orphan-requests.js';

const LOOK_EVERY_MS = 2000;
const SLOW_DUTIES_EVERY_MS = 60_000;
const CURSOR_SWEEP_EVERY_MS = 10 * 60_000;

export interface HousekeeperOptions {
  readonly store: CoordinationStore;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
  readonly registry: JobRegistry;
  readonly fleet: FleetView;
  readonly delivery: Delivery;
  /** Who we are, for the records. */
  readonly id: string;
  /** Whether it is ours to do now: leader, or first worker while there is none. Asked before every round. */
  readonly isOurTurn: () => Promise<boolean>;
  /** Also what scheduling does not need: old kill orders, cursors of deleted jobs, compaction. */
  readonly isWhole: boolean;
  readonly compacts: boolean;
}

/**
 * What somebody must do for all: lost runs, idle locks, fires and requests nobody may take, and tidying. Several may do
 * it at once without harm: everything is one transaction on what was read.
 */
export class Housekeeper {
  private readonly stopping = new AbortController();
  private readonly lostRuns: LostRuns;
  private readonly idleLocks: IdleLocks;
  private readonly orphanFires: OrphanFires;
  private readonly orphanRequests: OrphanRequests;
  private readonly cursors: CursorKeeping;
  private readonly oldKills: OldKills;
  private readonly compaction: Compaction;
  private cancelTimer: CancelTimer | undefined;
  private round: Promise<void> = Promise.resolve();
  private wasOurTurn = false;
  private slowAt = 0;
  private sweepAt = 0;

  constructor(private readonly options: HousekeeperOptions) {
    const { store, keys, clock, log, registry, fleet, delivery } = options;
    const self: SessionRef = { worker: options.id, session: '', sessionRevision: 0 };
    const courier = new Courier(store, clock, log);
    this.lostRuns = new LostRuns(keys, clock, log, courier, registry, delivery, this.stopping.signal);
    this.idleLocks = new IdleLocks(store, keys, log);
    this.orphanFires = new OrphanFires(store, keys, clock, log, registry, fleet, delivery, self);
    this.orphanRequests = new OrphanRequests(store, keys, clock, registry, fleet, delivery, self);
    this.cursors = new CursorKeeping(store, keys, clock, registry, delivery, self);
    this.oldKills = new OldKills(store, keys, clock);
    this.compaction = new Compaction(store, keys, clock, log);
    // Whoever does not settle cursors need not remember whose they were.
    if (options.isWhole) registry.onChange((changes) => this.cursors.apply(changes));
  }

  start(): void {
    this.plan();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.cancelTimer?.();
    await this.round;
  }

  private plan(): void {
    if (this.stopping.signal.aborted) return;
    this.cancelTimer = this.options.clock.timer(LOOK_EVERY_MS, () => {
      this.round = this.look().finally(() => this.plan());
    });
  }

  private async look(): Promise<void> {
    try {
      const isOurTurn = await this.options.isOurTurn();
      // What was seen in an earlier term says nothing of the time between.
      if (isOurTurn !== this.wasOurTurn) this.reset();
      this.wasOurTurn = isOurTurn;
      if (isOurTurn) await this.lookAround();
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.reset();
      if (!this.stopping.signal.aborted) this.options.log.warn('Housekeeping waits for the store', { error });
    }
  }

  private async lookAround(): Promise<void> {
    const { store, keys, isWhole } = this.options;
    const census = await takeCensus(store, keys);
    await this.lostRuns.look(census);
    await this.idleLocks.look(census);
    await this.orphanFires.look();
    await this.orphanRequests.look();
    if (isWhole) await this.tidyUp();
  }

  /** What nobody waits for. Where the store refuses some of it for good, what was seen of runs and locks counts on. */
  private async tidyUp(): Promise<void> {
    const now = this.options.clock.monotonic();
    const duties = [() => this.cursors.look()];
    if (now >= this.sweepAt) {
      this.sweepAt = now + CURSOR_SWEEP_EVERY_MS;
      duties.push(() => this.cursors.sweep());
    }
    if (now >= this.slowAt) {
      this.slowAt = now + SLOW_DUTIES_EVERY_MS;
      duties.push(() => this.oldKills.look());
      if (this.options.compacts) duties.push(() => this.compaction.look());
    }
    for (const duty of duties) {
      try {
        await duty();
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (!this.stopping.signal.aborted) this.options.log.warn('Tidying up waits for the store', { error });
      }
    }
  }

  private reset(): void {
    this.lostRuns.reset();
    this.idleLocks.reset();
    this.orphanFires.reset();
    this.orphanRequests.reset();
  }
}

function isPassing(error: unknown): boolean {
  return mayPass(error) || error instanceof NotDelivered;
}

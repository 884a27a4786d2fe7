import { KeyMirror, LeaderElection } from '@app/etcd';
import { ClockGuard, Courier, Delivery, FleetView, Housekeeper, JobRegistry, StoreJobControl } from '@app/jobs';
import { silentLog } from '@app/platform';
import { FaultyStore } from './faulty-store.js';
import { ProcessClock, SimProcess } from './process.js';
import { SimRecorder } from './sim-recorder.js';
import type { World } from './sim-worker.js';

/** One life of a master: takes edits, and keeps house while it leads. */
export class SimMaster {
  readonly process: SimProcess;
  readonly clock: ProcessClock;
  readonly wire: FaultyStore;
  readonly control: StoreJobControl;
  private readonly registry: JobRegistry;
  private readonly workers: KeyMirror;
  private readonly housekeeper: Housekeeper;
  private readonly election: LeaderElection;

  constructor(
    world: World,
    readonly id: string,
    life: number,
    skewMs: number,
  ) {
    this.process = new SimProcess(`${id}#${life}`);
    this.clock = new ProcessClock(world.clock, this.process);
    this.clock.skewMs = skewMs;
    this.wire = new FaultyStore(world.store, world.clock, this.process, world.random, () => world.isStoreDown);
    // A copy of a write comes from somebody who sends again: a courier does, a person's edit is sent once.
    this.wire.copies = false;
    this.wire.faults = world.faults;
    const { wire: store, clock } = this;
    const { keys } = world;
    const log = silentLog;
    this.registry = new JobRegistry(store, keys, clock, log);
    const fleet = new FleetView(keys);
    this.workers = new KeyMirror(store, keys.workers, { clock, log, onChange: (changes) => fleet.apply(changes) });
    const guard = new ClockGuard(clock);
    this.control = new StoreJobControl({
      store,
      keys,
      clock,
      log,
      registry: this.registry,
      id,
      isClockGood: () => guard.check() !== 'stopped',
      isRecorded: async (runId) => world.history.runs.has(runId),
    });
    const recorder = new SimRecorder(world.clock, this.process, world.random, world.history);
    const courier = new Courier(store, clock, log);
    const delivery = new Delivery(keys, clock, log, courier, recorder, new AbortController().signal);
    this.election = new LeaderElection({ store, clock, log, key: keys.leader, value: id });
    this.housekeeper = new Housekeeper({
      store,
      keys,
      clock,
      log,
      registry: this.registry,
      fleet,
      delivery,
      id,
      isOurTurn: async () => this.election.isLeader(),
      isWhole: true,
      compacts: false,
    });
  }

  start(): void {
    this.election.start();
    void Promise.all([this.registry.start(), this.workers.start()]).then(() => this.housekeeper.start());
  }
}

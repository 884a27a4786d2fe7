import type { Testimony } from '@app/jobs';
import { CALM } from './faulty-store.js';
import type { Profile } from './profiles.js';
import { SimMaster } from './sim-master.js';
import { SimWorker, type World } from './sim-worker.js';

const CUT_MS = [500, 3000, 9000, 14_000, 25_000];

interface Seat {
  id: string;
  life: number;
  worker: SimWorker | undefined;
  testimonies: readonly Testimony[];
  isBusy: boolean;
}

/** The machines of a world, and what happens to them. */
export class Fleet {
  readonly failures: string[] = [];
  private readonly seats: Seat[] = [];
  private masters: SimMaster[] = [];
  private lives = 0;
  private refusals = 0;

  constructor(
    private readonly world: World,
    private readonly profile: Profile,
  ) {
    const count = world.random.between(2, 4);
    for (let index = 0; index < count; index++) {
      this.seats.push({ id: `w${index}`, life: 0, worker: undefined, testimonies: [], isBusy: false });
    }
  }

  start(): void {
    for (const seat of this.seats) this.bringUp(seat);
    this.masters = ['m0', 'm1'].map((id) => this.newMaster(id));
  }

  /** A master to send an edit to. */
  get master(): SimMaster {
    const up = this.masters.filter(({ process }) => !process.isDead && !process.isPaused);
    return this.world.random.pick(up.length > 0 ? up : this.masters);
  }

  /** Claims refused because another worker had decided. */
  get refused(): number {
    return this.refusals + this.up.reduce((sum, { worker }) => sum + worker.engine.stats.claims.decided, 0);
  }

  /** Plans the trouble of this world. */
  disturb(): void {
    const { profile } = this;
    this.often(profile.killEvery, () => this.killOne());
    this.often(profile.pauseEvery, () => this.pauseOne());
    this.often(profile.cutEvery, () => this.cutOne());
    this.often(profile.joinOrDrainEvery, () => (this.world.random.chance(0.4) ? this.join() : this.drainOne()));
    this.often(profile.storeOutageEvery, () => this.storeOutage());
    this.often(profile.historyOutageEvery, () => this.historyOutage());
    this.often(profile.masterTroubleEvery, () => this.troubleMaster());
  }

  /** Ends all trouble: what is stopped goes on, what is dead comes up again. */
  mend(): void {
    this.world.isStoreDown = false;
    for (const { worker } of this.up) {
      worker.process.resume();
      this.heal(worker);
    }
    for (const master of this.masters) {
      master.process.resume();
      this.heal(master);
    }
    for (const seat of this.seats) if (!seat.worker && !seat.isBusy) this.bringUp(seat);
  }

  private get up(): (Seat & { worker: SimWorker })[] {
    return this.seats.filter((seat): seat is Seat & { worker: SimWorker } => seat.worker !== undefined);
  }

  private often(everySeconds: number | undefined, event: () => void): void {
    if (everySeconds === undefined) return;
    const plan = (): void => {
      const delay = -Math.log(1 - this.world.random.next()) * everySeconds * 1000;
      this.world.clock.timer(Math.max(200, delay), () => {
        if (this.world.isShuttingDown) return;
        event();
        plan();
      });
    };
    plan();
  }

  private newMaster(id: string): SimMaster {
    const master = new SimMaster(this.world, id, ++this.lives, this.skew());
    master.start();
    return master;
  }

  private skew(): number {
    const { skewMs } = this.profile;
    return this.world.random.between(-skewMs, skewMs);
  }

  private bringUp(seat: Seat): void {
    seat.life = ++this.lives;
    const { random } = this.world;
    const worker = new SimWorker(this.world, seat.id, seat.life, seat.testimonies, this.skew(), random.between(3, 20));
    seat.testimonies = [];
    seat.worker = worker;
    worker.start();
  }

  private killOne(): void {
    const candidates = this.up.filter(({ isBusy }) => !isBusy);
    if (candidates.length === 0) return;
    const seat = this.world.random.pick(candidates);
    const { worker } = seat;
    this.refusals += worker.engine.stats.claims.decided;
    (seat as Seat).worker = undefined;
    seat.isBusy = true;
    const { random, clock } = this.world;
    void worker.die(random.chance(0.7)).then((testimonies) => {
      const keepsFolder = random.chance(0.8);
      seat.testimonies = keepsFolder ? testimonies : [];
      if (!keepsFolder) seat.id = `w${++this.lives}x`;
      clock.timer(random.between(300, 15_000), () => {
        seat.isBusy = false;
        this.bringUp(seat);
      });
    });
  }

  private pauseOne(): void {
    const candidates = this.up.filter(({ worker }) => !worker.process.isPaused);
    if (candidates.length === 0) return;
    const { process } = this.world.random.pick(candidates).worker;
    process.pause();
    this.world.clock.timer(this.world.random.pick([1000, 5000, 15_000, 30_000]), () => process.resume());
  }

  private cutOne(): void {
    const candidates = this.up.filter(({ worker }) => worker.wire.cut === 'none');
    if (candidates.length === 0) return;
    const { random, clock } = this.world;
    const { cutMs = CUT_MS, healsPartly = 0.3 } = this.profile;
    const { worker } = random.pick(candidates);
    worker.wire.cut = random.pick(['both', 'both', 'replies', 'partly']);
    clock.timer(random.pick(cutMs), () => {
      this.heal(worker);
      if (this.world.isShuttingDown || !random.chance(healsPartly)) return;
      worker.wire.cut = 'partly';
      clock.timer(15_000, () => this.heal(worker));
    });
  }

  private heal(whom: SimWorker | SimMaster): void {
    whom.wire.cut = 'none';
    whom.wire.faults = this.world.isShuttingDown ? CALM : this.world.faults;
    whom.wire.reset();
  }

  private join(): void {
    if (this.seats.length >= 6) return;
    const seat: Seat = { id: `w${this.seats.length}j`, life: 0, worker: undefined, testimonies: [], isBusy: false };
    this.seats.push(seat);
    this.bringUp(seat);
  }

  private drainOne(): void {
    const candidates = this.up.filter(({ isBusy, worker }) => !isBusy && !worker.process.isPaused);
    if (candidates.length === 0) return;
    const seat = this.world.random.pick(candidates);
    seat.isBusy = true;
    void seat.worker.drain().then(() => {
      this.refusals += seat.worker.engine.stats.claims.decided;
      (seat as Seat).worker = undefined;
      this.world.clock.timer(this.world.random.between(300, 8000), () => {
        seat.isBusy = false;
        this.bringUp(seat);
      });
    });
  }

  private storeOutage(): void {
    if (this.world.isStoreDown) return;
    this.world.isStoreDown = true;
    this.world.clock.timer(this.world.random.between(1000, 12_000), () => {
      this.world.isStoreDown = false;
      for (const { worker } of this.up) worker.wire.reset();
      for (const master of this.masters) master.wire.reset();
    });
  }

  private historyOutage(): void {
    this.world.history.isDown = true;
    this.world.clock.timer(this.world.random.between(1000, 20_000), () => this.world.history.comeBack());
  }

  private troubleMaster(): void {
    const { random, clock } = this.world;
    const index = random.between(0, this.masters.length - 1);
    const master = this.masters[index] as SimMaster;
    if (random.chance(0.5)) {
      master.process.pause();
      clock.timer(random.between(1000, 20_000), () => master.process.resume());
      return;
    }
    master.process.kill();
    clock.timer(random.between(500, 20_000), () => {
      this.masters[index] = this.newMaster(master.id);
    });
  }
}

import { FleetcronError, pause, StoreUnavailable } from '@app/platform';
import { Timeline } from '../accounting/timeline.js';
import type { Fleet } from './fleet.js';
import type { Profile } from './profiles.js';
import type { World } from './sim-worker.js';
import type { StoreWitness } from './store-witness.js';

/** A master that lives does not try for longer to do what it was asked. */
const LONGEST_TRY_MS = 60_000;
const PERIODS: readonly number[] = [1, 2, 3, 5, 10, 15, 20];
const DEEDS = ['label', 'schedule', 'schedule', 'pause', 'recreate', 'foreignPut', 'run', 'kill', 'etcdKill'] as const;
type Edit = Exclude<(typeof DEEDS)[number], 'run' | 'kill' | 'etcdKill'>;

const ACTOR = { name: 'simulated' };

interface SimJob {
  readonly name: string;
  readonly timeline: Timeline;
  /** Everything but the schedule; fixed for the name. */
  readonly policy: Readonly<Record<string, unknown>>;
  /** A change is being made to it, or it is not there yet. */
  isBusy: boolean;
  /** Its fires are due up to so many seconds after their times. */
  readonly mostJitterS: number;
}

/** Which of the jobs of a world has jitter, where there are so many. */
const JITTERED = 3;
const MOST_JITTER_S = 4;

/** The people of a world: they create jobs, change them, run and kill them. */
export class Actors {
  private readonly jobs: SimJob[];

  constructor(
    private readonly world: World,
    private readonly fleet: Fleet,
    private readonly witness: StoreWitness,
    private readonly profile: Profile,
  ) {
    const { random } = world;
    this.jobs = Array.from({ length: random.between(3, 7) }, (_, index) => {
      const isFailing = random.chance(0.2);
      const name = `${isFailing ? 'failing' : 'job'}${index}`;
      const policy = this.policy(isFailing);
      // Other policies may run a fire long after its time, whatever it is called then.
      const mostJitterS = index === JITTERED ? MOST_JITTER_S : 0;
      const latestStartMs =
        policy.misfirePolicy === 'skip' ? (Number(policy.startingDeadlineSeconds) + mostJitterS) * 1000 : Infinity;
      const timeline = new Timeline(name, latestStartMs);
      return { name, timeline, policy, isBusy: true, mostJitterS };
    });
  }

  get timelines(): readonly Timeline[] {
    return this.jobs.map(({ timeline }) => timeline);
  }

  /** Resolves at once; jobs come into being in the first seconds. */
  async createJobs(): Promise<void> {
    for (const job of this.jobs) {
      this.world.clock.timer(this.world.random.between(0, 4000), () => void this.act(job, () => this.put(job)));
    }
  }

  disturb(): void {
    const { editEvery, runEvery } = this.profile;
    this.often(editEvery, () => this.doSomething(this.world.random.pick(this.jobs)));
    this.often(runEvery, () => this.runNow(this.world.random.pick(this.jobs)));
  }

  private often(everySeconds: number | undefined, deed: () => void): void {
    if (everySeconds === undefined) return;
    const plan = (): void => {
      const delay = -Math.log(1 - this.world.random.next()) * everySeconds * 1000;
      this.world.clock.timer(Math.max(100, delay), () => {
        if (this.world.isShuttingDown) return;
        deed();
        plan();
      });
    };
    plan();
  }

  async pauseAll(): Promise<void> {
    await Promise.all(
      this.jobs.map(async (job) => {
        while (job.isBusy) await pause(this.world.clock, 50);
        await this.act(job, () => this.change(job, undefined, () => this.control.pause(job.name, {}, ACTOR)));
      }),
    );
  }

  /** The jobs could not be paused in all this time. */
  complain(): void {
    const stuck = this.jobs.filter(({ isBusy }) => isBusy).map(({ name }) => name);
    this.fleet.failures.push(`no answer to edits of ${stuck.join(', ')}`);
  }

  private get control() {
    return this.fleet.master.control;
  }

  private policy(isFailing: boolean): Record<string, unknown> {
    const { random } = this.world;
    const overlap = random.pick(['forbid', 'forbid', 'forbid', 'allow', 'two'] as const);
    return {
      command: 'true',
      concurrencyPolicy: overlap === 'two' ? 'allow' : overlap,
      ...(overlap === 'two' && !this.profile.policy ? { maxConcurrent: 2 } : {}),
      misfirePolicy: random.pick(['runOnce', 'skip', 'runAll']),
      startingDeadlineSeconds: random.pick([5, 10, 30]),
      lostAfterSeconds: random.pick([5, 7, 12]),
      onLost: random.pick(['record', 'retry']),
      ...(isFailing ? { retry: { limit: 2, delaySeconds: random.between(1, 3), factor: 1, maxDelaySeconds: 5 } } : {}),
      ...this.profile.policy,
    };
  }

  private doSomething(job: SimJob): void {
    const { random } = this.world;
    const deed = random.pick(DEEDS);
    if (deed === 'run') this.runNow(job);
    else if (deed === 'kill') void this.quietly(() => this.control.killJob(job.name, {}, ACTOR));
    else if (deed === 'etcdKill') void this.etcdPut(this.world.keys.killer(job.name), '');
    else if (!job.isBusy) void this.act(job, () => this.edit(job, deed));
  }

  private runNow(job: SimJob): void {
    void this.quietly(() => this.control.requestRun(job.name, {}, ACTOR));
  }

  private async edit(job: SimJob, deed: Edit): Promise<void> {
    const { random, clock } = this.world;
    switch (deed) {
      case 'label':
        await this.quietly(() => this.control.patch(job.name, { labels: { n: String(random.between(1, 9)) } }, ACTOR));
        return;
      case 'schedule':
        return this.put(job);
      case 'pause':
        await this.change(job, undefined, () => this.control.pause(job.name, {}, ACTOR));
        await pause(clock, random.between(200, 8000));
        if (!this.world.isShuttingDown) await this.put(job);
        return;
      case 'recreate':
        await this.change(job, undefined, () => this.control.remove(job.name, ACTOR));
        await pause(clock, random.pick([0, 0, 500, 3000]));
        return this.put(job);
      case 'foreignPut':
        return this.foreignPut(job);
      default:
        return deed satisfies never;
    }
  }

  /** Creates the job or gives it another schedule. */
  private async put(job: SimJob): Promise<void> {
    const seconds = this.world.random.pick(this.profile.periods ?? PERIODS);
    const document = this.document(job, seconds);
    await this.change(job, seconds * 1000, () => this.control.replace(job.name, document, ACTOR));
  }

  /** Another client puts the job: in force once somebody has adopted it. */
  private async foreignPut(job: SimJob): Promise<void> {
    const seconds = this.world.random.pick(this.profile.periods ?? PERIODS);
    job.timeline.changing(this.world.clock.now());
    await this.etcdPut(this.world.keys.job(job.name), JSON.stringify(this.document(job, seconds)));
    await this.adopted(job);
    job.timeline.changed(seconds * 1000, this.world.clock.now());
  }

  /** Resolves when the cursor carries the definition that stands in the store. */
  private async adopted(job: SimJob): Promise<void> {
    const { keys, store } = this.world;
    for (;;) {
      const before = await store.get(keys.cursor(job.name));
      const definition = await store.get(keys.job(job.name));
      if (before && definition && before.modRevision > definition.modRevision) return;
      await new Promise<void>((resolve) => this.witness.onCursorPut(job.name, resolve));
    }
  }

  private document(job: SimJob, seconds: number): Record<string, unknown> {
    // Jitter must be over before the next fire.
    const jitterSeconds = Math.min(job.mostJitterS, seconds - 1);
    return { name: job.name, cronExpr: `*/${seconds} * * * * *`, jitterSeconds, ...job.policy };
  }

  /** Sends a change until it is known to be in force; what lies between is murky. */
  private async change(job: SimJob, periodMs: number | undefined, send: () => Promise<unknown>): Promise<void> {
    const { clock } = this.world;
    job.timeline.changing(clock.now());
    for (;;) {
      const sent = send();
      try {
        await this.answered(() => sent);
        job.timeline.changed(periodMs, clock.now());
        return;
      } catch (error) {
        if (!(error instanceof FleetcronError)) throw error;
        // Deleted by an earlier copy of the same wish.
        if (error.code === 'not_found') {
          job.timeline.changed(undefined, clock.now());
          return;
        }
        // A copy may still be on its way, or the master still at it: it must not come after we believe to know.
        await Promise.race([sent.catch(() => {}), pause(clock, LONGEST_TRY_MS)]);
        await pause(clock, error instanceof StoreUnavailable ? 5000 : 200);
      }
    }
  }

  /** A master that died meanwhile never answers. */
  private answered<T>(send: () => Promise<T>): Promise<T> {
    const silence = pause(this.world.clock, 12_000).then(() => {
      throw new StoreUnavailable('edit', 'unknown');
    });
    silence.catch(() => {});
    return Promise.race([send(), silence]);
  }

  private async act(job: SimJob, deed: () => Promise<void>): Promise<void> {
    job.isBusy = true;
    try {
      await deed();
    } catch (error) {
      this.fleet.failures.push(`an edit failed: ${error instanceof Error ? error.stack : String(error)}`);
    } finally {
      job.isBusy = false;
    }
  }

  private async quietly(deed: () => Promise<unknown>): Promise<void> {
    try {
      await this.answered(deed);
    } catch (error) {
      if (!(error instanceof FleetcronError)) throw error;
    }
  }

  private async etcdPut(key: string, value: string): Promise<void> {
    await this.world.store.transactAll([{ compare: [], then: [{ kind: 'put', key, value }] }]);
  }
}

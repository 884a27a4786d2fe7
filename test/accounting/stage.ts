import { setTimeout as delay } from 'node:timers/promises';
import { Run } from '@app/jobs';
import { SystemClock } from '@app/platform';
import { Api } from '../support/cluster/api.js';
import { Program } from '../support/cluster/program.js';
import { Cluster } from '../support/cluster.js';
import { until } from '../support/until.js';
import { check } from './checker.js';
import { GroundTruth } from './ground-truth.js';
import { Timeline } from './timeline.js';
import { TruthFile, tellingCommand } from './truth-file.js';

/** Jobs that fire each second through everything that happens: two that forbid overlap, two that allow it. */
const FORBID = ['tick-forbid-1', 'tick-forbid-2'];
const ALLOW = ['tick-allow-1', 'tick-allow-2'];

/** Records of fires so long before what was found to fit may still change. */
const SETTLES_MS = 60_000;

/** What a job runs that writes the truth to a file around commands. */
type Telling = (file: string, commands: string) => string;

/**
 * A cluster at work, and what is known of it. Jobs tick on it; each scenario does something to it, and all that happened
 * is accounted for afterwards.
 */
export class Stage {
  /** What was measured, in words, for the terminal. */
  readonly figures: string[] = [];
  private readonly timelines = new Map<string, Timeline>();
  private readonly mayOverlap = new Set<string>();

  private readonly every = new Set<string>();
  private readonly others = new Set<string>();
  private readonly truthRead: TruthFile;
  private recordsRead: ReadonlyMap<string, Run> = new Map();
  /** Fires before this fitted once, with their records. */
  private fittedUntil = 0;

  private constructor(
    readonly cluster: Cluster,
    private readonly telling: Telling,
  ) {
    this.truthRead = new TruthFile(this.truthFile, (name) => !this.mayOverlap.has(name));
  }

  /** An empty stage on a cluster. */
  static on(cluster: Cluster, telling: Telling = tellingCommand): Stage {
    return new Stage(cluster, telling);
  }

  /** A stage on which four jobs tick for as long as it lives. */
  static async set(cluster: Cluster): Promise<Stage> {
    const stage = Stage.on(cluster);
    for (const name of FORBID) await stage.putTelling(name, 'forbid');
    for (const name of ALLOW) await stage.putTelling(name, 'allow');
    await stage.untilAllTick(Date.now());
    return stage;
  }

  /** Says on the terminal what was measured, and ends the cluster. */
  async strike(): Promise<void> {
    console.error(this.figures.map((figure) => `  ${figure}`).join('\n'));
    await this.cluster.stop();
  }

  /** The jobs that tick now. */
  get ticking(): readonly string[] {
    return [...this.every];
  }

  /** Those of them that may overlap: no earlier run holds a fire of theirs up, however slow the machine is. */
  get free(): readonly string[] {
    return this.ticking.filter((name) => this.mayOverlap.has(name));
  }

  /** Puts an every-second job that writes the truth around its commands; from now on it is accounted for. */
  async putTelling(
    name: string,
    concurrencyPolicy: 'forbid' | 'allow',
    commands = 'sleep 0.2',
    document: object = {},
  ): Promise<void> {
    if (concurrencyPolicy === 'allow') this.mayOverlap.add(name);
    const timeline = this.changing(name);
    const job = { name, command: this.command(commands), cronExpr: '* * * * * *', concurrencyPolicy, ...document };
    await this.cluster.put(`/cron/jobs/${name}`, JSON.stringify(job));
    timeline.changed(1000, Date.now());
    this.every.add(name);
  }

  /** Puts a job that tells the truth and whose fires the caller knows; what it does is accounted for but for its plan. */
  async putOther(name: string, commands: string, document: object = {}): Promise<void> {
    this.others.add(name);
    await this.cluster.put(
      `/cron/jobs/${name}`,
      JSON.stringify({ name, command: this.command(commands), ...document }),
    );
  }

  /** What a job runs that writes the truth around these commands. */
  private command(commands: string): string {
    return this.telling(this.truthFile, commands);
  }

  /** Makes an every-second job that may not overlap through a master; it may have been there before and be gone. */
  async putThrough(api: Api, name: string): Promise<void> {
    const timeline = this.changing(name);
    await api.post('/jobs', { name, command: this.command('0'), cronExpr: '* * * * * *', concurrencyPolicy: 'forbid' });
    timeline.changed(1000, Date.now());
    this.every.add(name);
  }

  /** Edits a job, or makes it, through a master: every so often, and telling that it is this definition. */
  async putDefinition(api: Api, name: string, definition: number, periodS: number): Promise<void> {
    const timeline = this.changing(name);
    const { status, json } = await api.call('PUT', `/jobs/${name}`, {
      name,
      command: this.command(`0 ${definition}`),
      cronExpr: `*/${periodS} * * * * *`,
    });
    if (status >= 300) throw new Error(`${name} could not be put: ${status} ${JSON.stringify(json)}`);
    timeline.changed(periodS * 1000, Date.now(), definition);
  }

  /** The plan of a job that is about to change; it may have been there before and be gone. */
  private changing(name: string): Timeline {
    const timeline = this.timelines.get(name) ?? new Timeline(name);
    this.timelines.set(name, timeline);
    timeline.changing(Date.now());
    return timeline;
  }

  /** Deletes a job; what it did up to now is still accounted for. */
  async remove(name: string, api = this.cluster.api()): Promise<void> {
    this.timelines.get(name)?.changing(Date.now());
    const { status } = await api.call('DELETE', `/jobs/${name}`);
    if (status !== 204) throw new Error(`${name} could not be deleted: ${status}`);
    this.timelines.get(name)?.changed(undefined, Date.now());
    this.every.delete(name);
  }

  /** Resolves once the job has started for a fire at or after an instant, by the ground truth. */
  untilStarted(name: string, fire: number, withinMs = 15_000): Promise<void> {
    return this.untilAllStarted([name], fire, withinMs);
  }

  /** Resolves once every ticking job has started for a fire at or after an instant. */
  untilAllTick(fire: number, withinMs = 15_000): Promise<void> {
    return this.untilAllStarted(this.ticking, fire, withinMs);
  }

  /** Resolves once what came before is over: every job has started for each of its fires for three seconds. */
  async untilSettled(withinMs = 60_000): Promise<void> {
    await until(
      'every job starts for each of its fires',
      async () => {
        const from = Math.ceil(Date.now() / 1000) * 1000;
        await this.untilAllTick(from + 3_000);
        return this.lateness(this.ticking, from, from + 3_000).length === 3 * this.ticking.length;
      },
      withinMs,
    );
  }

  private async untilAllStarted(names: readonly string[], fire: number, withinMs: number): Promise<void> {
    const waiting = new Set(names);
    let looked = 0;
    await until(
      `${names.join(', ')} start for ${new Date(fire).toISOString()} or later`,
      async () => {
        await delay(100);
        const { starts } = this.truth();
        for (const { jobName, scheduledTime } of starts.slice(looked)) {
          if (scheduledTime >= fire) waiting.delete(jobName);
        }
        looked = starts.length;
        return waiting.size === 0;
      },
      withinMs,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; still waiting for ${[...waiting].join(', ')}`);
    });
  }

  /** The worker that ran the job last: the one that is first in line for it. */
  async runnerOf(name: string): Promise<Program> {
    const runs = await this.cluster.api().runsOf(name);
    const [newest] = runs
      .sort((a, b) => b.scheduledTime - a.scheduledTime)
      .filter(({ worker }) => worker !== undefined);
    const runner = this.cluster.workers.find((worker) => worker.name === newest?.worker);
    if (!runner) throw new Error(`nobody is known to have run ${name}`);
    return runner;
  }

  /** Everything that happened so far, by the jobs' own testimony. */
  truth(): GroundTruth {
    return this.truthRead.read();
  }

  /** How late each fire of these jobs in [from, to) started, by the ground truth, ascending. Milliseconds. */
  lateness(names: readonly string[], from: number, to: number): number[] {
    return this.truth()
      .starts.filter(({ jobName, scheduledTime: at }) => names.includes(jobName) && at >= from && at < to)
      .map(({ startedAt, scheduledTime }) => startedAt - scheduledTime)
      .sort((a, b) => a - b);
  }

  /** Every record and live run as it was last read: what `discrepancies` has compared. */
  get records(): ReadonlyMap<string, Run> {
    return this.recordsRead;
  }

  /**
   * What does not fit between plan, truth and records, for fires before `end`; waits for records that are on their way.
   * Records that fitted before are not read again, unless all are to be read `anew`.
   */
  async discrepancies(end: number, withinMs = 20_000, { anew = false } = {}): Promise<string[]> {
    if (anew) this.fittedUntil = 0;
    let found: string[] = [];
    await until(
      'plan, truth and records fit',
      async () => {
        // What cannot be read now may be read in a moment; if it never can, that is what is told.
        found = await this.compare(end).catch((error: Error) => [`the records could not be read: ${error.message}`]);
        return found.length === 0;
      },
      withinMs,
    ).catch(() => undefined);
    if (found.length === 0) this.fittedUntil = Math.max(0, end - SETTLES_MS);
    return found;
  }

  private async compare(end: number): Promise<string[]> {
    const from = this.fittedUntil;
    const read = new Map([...this.recordsRead].filter(([, { scheduledTime }]) => scheduledTime < from));
    for (const job of [...this.timelines.keys(), ...this.others]) {
      const runs = await this.cluster.api().runs({ job, from: new Date(from).toISOString() });
      for (const run of runs) read.set(run.id, run);
    }
    this.recordsRead = read;
    const records = new Map([...read].filter(([, { scheduledTime }]) => scheduledTime < end));
    const truth = new GroundTruth(new SystemClock());
    // One by one: an hour's starts are more than a call takes arguments.
    for (const start of this.truth().starts) if (start.scheduledTime < end) truth.starts.push(start);
    return check([...this.timelines.values()], truth, records, end);
  }

  private get truthFile(): string {
    return this.cluster.file('truth');
  }
}

import { CoordinationStore, Entry, KeptEntry, KeyChange, KeyMirror, pagesOf } from '@app/etcd';
import { below, fenceOf, Keys, RequestEntry, Run, readEpoch, readRequest, readRunEntry, runOfEntry } from '@app/jobs';
import { Clock, Log } from '@app/platform';
import { LiveRuns } from '../ports/live-runs.js';

/**
 * The runs on their way, from mirrors of `runs/` and `requests/`: requests are queued, claimed runs are shown as
 * running, ended ones stay until history has them.
 */
export class MirroredRuns implements LiveRuns {
  private readonly runs: RunTable;
  private readonly requests: RunTable;
  private readonly epoch: KeyMirror;
  private readonly mirrors: readonly KeyMirror<LiveRun>[];

  constructor(
    private readonly store: CoordinationStore,
    keys: Keys,
    clock: Clock,
    log: Log,
  ) {
    this.epoch = new KeyMirror(store, keys.epoch, { clock, log });
    this.runs = new RunTable(keys.runs, ({ value, createRevision }) => {
      const entry = readRunEntry(value);
      return (
        entry && runOfEntry(entry, { fence: fenceOf(readEpoch(this.epoch.get(keys.epoch)?.value), createRevision) })
      );
    });
    this.requests = new RunTable(keys.requests, ({ value }) => {
      const request = readRequest(value);
      return request && runOfRequest(request);
    });
    this.mirrors = [this.runs, this.requests].map(
      (table) =>
        new KeyMirror(store, table.prefix, {
          clock,
          log,
          keep: (entry, id) => new LiveRun(entry, id, table.read),
          onChange: (changes) => table.apply(changes),
        }),
    );
  }

  /** Resolves when all that is on its way is known. */
  async start(): Promise<void> {
    // Fences are made of it.
    await this.epoch.start();
    await Promise.all(this.mirrors.map((mirror) => mirror.start()));
  }

  close(): void {
    for (const mirror of [this.epoch, ...this.mirrors]) {
      mirror.close();
    }
  }

  async find(runId: string): Promise<Run | undefined> {
    return this.runs.find(runId) ?? this.requests.find(runId);
  }

  async seek(runId: string): Promise<Run | undefined> {
    let at: number | undefined;
    // Both at one revision, so that no run is missed on its way from the one to the other.
    for (const table of [this.requests, this.runs]) {
      for await (const { entries, revision } of pagesOf(this.store, table.prefix, { revision: at })) {
        at = revision;
        const entry = entries.find(({ key }) => key.endsWith(`/${runId}`));
        const run = entry && table.read(entry);
        if (run) return run;
      }
    }
    return undefined;
  }

  revisionOf(jobName: string): number {
    return this.runs.revisionOf(jobName) + this.requests.revisionOf(jobName);
  }

  list(jobName?: string): readonly Run[] {
    const runs = this.runs.list(jobName);
    // A request and the run made of it go and come in one revision, but two mirrors hear of it one after the other.
    const ids = new Set(runs.map((run) => run.id));
    return [...runs, ...this.requests.list(jobName).filter((run) => !ids.has(run.id))];
  }
}

/** A run as its entry has it, read when somebody first asks: most come and go unseen. */
class LiveRun extends KeptEntry {
  private known: { readonly run: Run | undefined } | undefined;

  constructor(
    entry: Entry,
    id: string,
    private readonly read: (entry: Entry) => Run | undefined,
  ) {
    super(entry, id);
  }

  /** undefined where nobody can read it. */
  get run(): Run | undefined {
    this.known ??= { run: this.read(this) };
    return this.known.run;
  }
}

/** Of so many jobs it is remembered when their runs changed: names that a program makes and deletes never end. */
const MAX_CHANGES = 100_000;

/** Runs by id and by job, kept up with one mirror. */
class RunTable {
  private readonly byId = new Map<string, LiveRun>();
  private readonly byJob = new Map<string, Map<string, LiveRun>>();
  /** Number of the last change of each job, the one that changed longest ago first. */
  private readonly changesOf = new Map<string, number>();
  private changes = 0;
  /** The highest number that was forgotten. */
  private forgotten = 0;

  constructor(
    readonly prefix: string,
    readonly read: (entry: Entry) => Run | undefined,
  ) {}

  apply(changes: readonly KeyChange<LiveRun>[]): void {
    for (const { key, kept } of changes) {
      const [jobName = '', id = ''] = below(this.prefix, key).split('/');
      this.noteChange(jobName);
      if (kept) {
        this.put(jobName, id, kept);
      } else {
        this.drop(jobName, id);
      }
    }
  }

  find(id: string): Run | undefined {
    return this.byId.get(id)?.run;
  }

  revisionOf(jobName: string): number {
    return this.changesOf.get(jobName) ?? this.forgotten;
  }

  /** Numbers grow over all jobs: one that was forgotten has a higher one than it ever had. */
  private noteChange(jobName: string): void {
    this.changesOf.delete(jobName);
    this.changesOf.set(jobName, ++this.changes);
    if (this.changesOf.size <= MAX_CHANGES) return;
    const [oldest] = this.changesOf;
    this.forgotten = oldest![1];
    this.changesOf.delete(oldest![0]);
  }

  list(jobName: string | undefined): readonly Run[] {
    const runs = jobName === undefined ? this.byId : this.byJob.get(jobName);
    return runs ? [...runs.values()].flatMap(({ run }) => run ?? []) : [];
  }

  private put(jobName: string, id: string, run: LiveRun): void {
    const ofJob = this.byJob.get(jobName) ?? new Map<string, LiveRun>();
    this.byJob.set(jobName, ofJob.set(id, run));
    this.byId.set(id, run);
  }

  private drop(jobName: string, id: string): void {
    const ofJob = this.byJob.get(jobName);
    ofJob?.delete(id);
    if (ofJob?.size === 0) {
      this.byJob.delete(jobName);
    }
    this.byId.delete(id);
  }
}

function runOfRequest(request: RequestEntry): Run {
  const { runId: id, jobName, trigger, scheduledTime, attempt, rootRunId, worker, params, by, notBefore } = request;
  const basics = { id, jobName, trigger, scheduledTime, attempt, rootRunId, status: 'queued', count: 1 } as const;
  return {
    ...basics,
    ...(worker === undefined ? {} : { worker }),
    ...(params === undefined || Object.keys(params).length === 0 ? {} : { params }),
    ...(by === undefined ? {} : { requestedBy: by }),
    ...(notBefore > request.requestedAt ? { notBefore } : {}),
  };
}

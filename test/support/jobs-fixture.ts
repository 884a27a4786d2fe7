import {
  type CoordinationStore,
  KeyMirror,
  MemoryStore,
  put,
  type Settled,
  StoreRefused,
  type Transaction,
  transaction,
} from '@app/etcd';
import {
  Courier,
  Delivery,
  FleetView,
  type JobDefinition,
  JobRegistry,
  Keys,
  type Receipt,
  type RequestEntry,
  type Run,
  type RunEnd,
  type RunEntry,
  type RunHost,
  type RunHostListener,
  type RunRecorder,
  readCursor,
  readDefinition,
  readRequest,
  readRunEntry,
  type SessionRef,
  type StartOrder,
  type WorkerPresence,
  writeLockHolder,
  writePresence,
  writeRequest,
  writeRunEntry,
} from '@app/jobs';
import { ManualClock, silentLog } from '@app/platform';

/** Midnight UTC, where the fixture's clock begins: epoch milliseconds. */
export const START = Date.UTC(2026, 0, 1);
/** A lease that outlives every test. */
const DAYS_SECONDS = 30 * 86_400;

/** The rooms around the one under test, over a store in memory and a clock moved by hand. */
export class JobsFixture {
  readonly clock = new ManualClock({ now: START });
  readonly keys = new Keys('/cron');
  readonly store = new MemoryStore(this.clock);
  readonly stopping = new AbortController();
  readonly recorder = new Ledger();
  readonly registry = new JobRegistry(this.store, this.keys, this.clock, silentLog);
  readonly fleet = new FleetView(this.keys);
  readonly courier = new Courier(this.store, this.clock, silentLog);
  readonly delivery = new Delivery(this.keys, this.clock, silentLog, this.courier, this.recorder, this.stopping.signal);
  private readonly workers = new KeyMirror(this.store, this.keys.workers, {
    clock: this.clock,
    log: silentLog,
    onChange: (changes) => this.fleet.apply(changes),
  });

  async start(): Promise<void> {
    await this.registry.start();
    await this.workers.start();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    this.registry.close();
    this.workers.close();
    await this.store.close();
  }

  /** Lets everything happen that needs no time. */
  settle(): Promise<void> {
    return this.clock.advanceAsync(0);
  }

  /** Puts a value as any client would; gives its revision. */
  async put(key: string, value: string | Buffer, lease?: string): Promise<number> {
    const [settled] = await this.store.transactAll([transaction([], [put(key, value, lease)])]);
    if (!settled?.ok) throw settled?.error;
    await this.settle();
    return settled.result.revision;
  }

  async delete(key: string): Promise<void> {
    await this.store.transactAll([transaction([], [{ kind: 'delete', key }])]);
    await this.settle();
  }

  /** Puts a job as another client would, without a cursor. */
  async putJob(document: JobFields): Promise<JobDefinition> {
    await this.put(this.keys.job(document.name), JSON.stringify(documentOf(document)));
    return this.definition(document.name);
  }

  /** From now on the store will never take what changes `key`, and takes everything else; until what it gives is called. */
  refuse(key: string): () => void {
    const refused: Settled = { ok: false, error: new StoreRefused('put', 'too large') };
    const plain = this.store.transactAll;
    const answerTo = async (each: Transaction): Promise<Settled> => {
      if (each.then.some((operation) => operation.key === key)) return refused;
      const [settled] = await plain.call(this.store, [each]);
      return settled as Settled;
    };
    this.store.transactAll = (asked) => Promise.all(asked.map(answerTo));
    return () => {
      this.store.transactAll = plain;
    };
  }

  /** The job as it stands in the store. */
  async definition(name: string): Promise<JobDefinition> {
    const entry = await this.store.get(this.keys.job(name));
    if (!entry) throw new Error(`there is no job ${name}`);
    return readDefinition(name, entry);
  }

  /** Puts a run entry, and the lock it says it holds; gives its modRevision. */
  async putRun(entry: RunEntry): Promise<number> {
    const operations = [put(this.keys.run(entry.jobName, entry.runId), writeRunEntry(entry))];
    if (entry.lockSlot !== undefined) {
      operations.push(put(this.keys.lock(entry.jobName, entry.lockSlot), writeLockHolder(entry)));
    }
    const [settled] = await this.store.transactAll([transaction([], operations)]);
    if (!settled?.ok) throw settled?.error;
    await this.settle();
    return settled.result.revision;
  }

  putRequest(request: RequestEntry): Promise<number> {
    return this.put(this.keys.request(request.jobName, request.runId), writeRequest(request));
  }

  /** A worker with a lease that lasts. */
  async join(id: string, changes: Partial<WorkerPresence> = {}): Promise<SessionRef> {
    const session = await this.store.grantLease(DAYS_SECONDS);
    const value = writePresence(presenceOf(id, changes));
    const sessionRevision = await this.put(this.keys.worker(id), value, session);
    return { worker: id, session, sessionRevision };
  }

  async runOf(name: string, runId: string): Promise<RunEntry | undefined> {
    const entry = await this.store.get(this.keys.run(name, runId));
    return entry && readRunEntry(entry.value);
  }

  async runsOf(name: string): Promise<readonly RunEntry[]> {
    return (await valuesBelow(this.store, this.keys.runsOf(name))).flatMap((value) => readRunEntry(value) ?? []);
  }

  async requestsOf(name: string): Promise<readonly RequestEntry[]> {
    return (await valuesBelow(this.store, this.keys.requestsOf(name))).flatMap((value) => readRequest(value) ?? []);
  }

  async cursorOf(name: string) {
    const entry = await this.store.get(this.keys.cursor(name));
    return entry && readCursor(entry.value);
  }

  async has(key: string): Promise<boolean> {
    return (await this.store.get(key)) !== undefined;
  }
}

/** The fields of a job document that a test is about. */
export type JobFields = { readonly name: string } & Readonly<Record<string, unknown>>;

/** A whole document: a job that fires every minute unless told otherwise; null leaves a field out. */
export function documentOf(fields: JobFields): JobFields {
  const all = Object.entries({ command: 'true', cronExpr: '* * * * *', ...fields });
  return Object.fromEntries(all.filter(([, value]) => value !== null)) as JobFields;
}

/** A definition that stands in no store. */
export function definitionOf(fields: JobFields, revision = 1, createRevision = revision): JobDefinition {
  const value = Buffer.from(JSON.stringify(documentOf(fields)));
  return readDefinition(fields.name, { key: '', value, createRevision, modRevision: revision });
}

export function presenceOf(id: string, changes: Partial<WorkerPresence> = {}): WorkerPresence {
  return {
    id,
    boot: `boot of ${id}`,
    host: 'host-1',
    address: '10.0.0.1',
    pid: 42,
    version: '0.1.0',
    schema: 1,
    tzData: '2026a',
    group: 'default',
    labels: {},
    slots: 10,
    startedAt: START,
    eligibleFrom: START - 1000,
    ...changes,
  };
}

/** A claimed fire of midnight of the job `tick`, by a session that is not there. */
export function entryOf(changes: Partial<RunEntry> = {}): RunEntry {
  const { runId = 'run-1' } = changes;
  return {
    runId,
    jobName: 'tick',
    state: 'claimed',
    trigger: 'schedule',
    scheduledTime: START,
    claimedAt: START,
    attempt: 1,
    rootRunId: runId,
    jobRevision: 1,
    jobGeneration: 1,
    cursorResets: 0,
    gap: [],
    worker: 'w1',
    session: 'gone',
    sessionRevision: 1,
    ...changes,
  };
}

/** A wish for a run of the job `tick`, now. */
export function requestOf(changes: Partial<RequestEntry> = {}): RequestEntry {
  const { runId = 'wish-1' } = changes;
  return {
    runId,
    jobName: 'tick',
    trigger: 'manual',
    scheduledTime: START,
    requestedAt: START,
    notBefore: START,
    attempt: 1,
    rootRunId: runId,
    by: 'ann',
    jobGeneration: 1,
    ...changes,
  };
}

/** A supervisor that does nothing by itself: the test says through `told` what becomes of a run. */
export class FakeHost implements RunHost {
  told!: RunHostListener;
  readonly started: StartOrder[] = [];
  readonly killed: string[] = [];
  readonly rebound: string[] = [];
  readonly ended: string[] = [];

  listen(listener: RunHostListener): void {
    this.told = listener;
  }

  start(order: StartOrder): void {
    this.started.push(order);
  }

  kill(runId: string): void {
    this.killed.push(runId);
  }

  setSessionDeadline(): void {}

  async canStart(): Promise<boolean> {
    return true;
  }

  rebind(runId: string, session: string): void {
    this.rebound.push(`${runId} to ${session}`);
  }

  settled(runId: string): void {
    this.ended.push(runId);
  }
}

/** How a process ended well, one second after the start of the clock. */
export function endOf(changes: Partial<RunEnd> = {}): RunEnd {
  return {
    runId: 'run-1',
    startTime: START,
    endTime: START + 1000,
    exitCode: 0,
    outputBytes: 3,
    outputTruncated: false,
    outputTail: 'out',
    errTail: '',
    ...changes,
  };
}

/** History that acknowledges at once, or never. */
class Ledger implements RunRecorder {
  readonly recorded: Run[] = [];
  /** What it does with the next records. `silent`: says nothing of them. `refused`: nobody takes them. */
  mode: 'stored' | 'silent' | 'refused' = 'stored';

  record(run: Run): Receipt {
    this.recorded.push(run);
    const never = new Promise<void>(() => {});
    switch (this.mode) {
      case 'stored':
        return { stored: Promise.resolve(), spooled: Promise.resolve() };
      case 'silent':
        return { stored: never, spooled: never };
      case 'refused':
        return { stored: Promise.reject(new Error('disk full')), spooled: Promise.resolve() };
      default:
        return this.mode satisfies never;
    }
  }
}

async function valuesBelow(store: CoordinationStore, prefix: string): Promise<readonly Buffer[]> {
  return (await store.range(prefix)).entries.map(({ value }) => value);
}

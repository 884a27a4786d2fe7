import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedStore, isAbsent, put, type Transaction, transaction } from '@app/etcd';
import { type JobDocument, Keys, type Run, scheduleFingerprint, writeCursor, writeEditNote } from '@app/jobs';
import { EmbeddedHistory, type OutputChunk } from '@app/logs';
import { ManualClock, silentLog } from '@app/platform';
import { putTransaction, readJobAndCursor } from '../../libs/jobs/src/control/edit-plan.js';

/** Who edits a seeded world where nobody is named. */
const SEEDER = 'li.wei';
const JOBS_PER_WRITE = 1_000;
const ROLLUPS_PER_CALL = 5_000;

/** A job that is to stand in the store: its document, and how often its schedule ran so far. */
export interface SeededJob {
  readonly document: JobDocument;
  readonly runCount: number;
}

/** The embedded stores of a data folder, to be filled while no program has it open: what `npm start` finds there. */
export class SeededStores {
  private readonly keys = new Keys('/cron');
  private readonly self = { worker: 'standalone', session: '', sessionRevision: 0 };

  private constructor(
    private readonly store: EmbeddedStore,
    private readonly history: EmbeddedHistory,
  ) {}

  /** Makes the folder where it is not. Throws FolderInUse while a program works on it. */
  static open(folder: string, now: number): SeededStores {
    mkdirSync(folder, { recursive: true });
    const store = EmbeddedStore.open({ folder, clock: new ManualClock({ now }), log: silentLog });
    return new SeededStores(store, new EmbeddedHistory(join(folder, 'history.db')));
  }

  /**
   * Puts new jobs, each with its cursor at `decidedUntil`: nothing before it is ever fired, missed or taken up. Gives
   * their revisions, in order.
   */
  async putJobs(jobs: readonly SeededJob[], decidedUntil: number): Promise<readonly number[]> {
    const revisions: number[] = [];
    for (let start = 0; start < jobs.length; start += JOBS_PER_WRITE) {
      const part = jobs.slice(start, start + JOBS_PER_WRITE);
      revisions.push(...(await this.settle(part.map((job) => this.newJob(job, decidedUntil)))));
    }
    return revisions;
  }

  /** Puts anything under the key of a job, as a careless client of the store would. */
  async putValue(name: string, value: string): Promise<void> {
    await this.settle([transaction([], [put(this.keys.job(name), value)])]);
  }

  /** Replaces a job that fired up to `at`, as the API would then: the earlier definition is kept. Gives its revision. */
  async edit(document: JobDocument, at: number, by = SEEDER): Promise<number> {
    const { name } = document;
    await this.moveCursor(name, at);
    const read = await this.read(name);
    const past = { earlier: undefined, since: at };
    const edit = putTransaction(this.keys, read, document, { self: this.self, actor: { name: by }, now: at, past });
    const [revision] = await this.settle([edit]);
    return revision as number;
  }

  /** Says that all fires of a job are decided up to `at`. */
  async moveCursor(name: string, at: number, runs?: number): Promise<void> {
    const { cursor } = await this.read(name);
    if (!cursor) throw new Error(`${name} has no cursor`);
    const moved = writeCursor({ ...cursor, at, ...(runs === undefined ? {} : { runs }) });
    await this.settle([transaction([], [put(this.keys.cursor(name), moved)])]);
  }

  async writeRuns(runs: readonly Run[]): Promise<void> {
    await this.history.writeRuns(runs);
  }

  async writeOutput(chunks: readonly OutputChunk[]): Promise<void> {
    await this.history.writeOutput(chunks);
  }

  /** Recomputes every roll-up; gives how many. */
  async recomputeRollups(): Promise<number> {
    let all = 0;
    for (let step = 1; step > 0; all += step) step = await this.history.recomputeRollups(ROLLUPS_PER_CALL);
    return all;
  }

  async close(): Promise<void> {
    await this.history.close();
    await this.store.close();
  }

  private newJob({ document, runCount }: SeededJob, at: number): Transaction {
    const fingerprint = scheduleFingerprint(document);
    const cursor = writeCursor({ at, generation: 0, fingerprint, runs: runCount, resets: 0 });
    const key = this.keys.job(document.name);
    const edit = writeEditNote({ by: SEEDER, at, ...(document['paused'] === true && { pause: { at, by: SEEDER } }) });
    return transaction(
      [isAbsent(key)],
      [
        put(key, JSON.stringify(document)),
        put(this.keys.cursor(document.name), cursor),
        put(this.keys.edit(document.name), edit),
      ],
    );
  }

  private async read(name: string) {
    const [job, cursor, edit] = await Promise.all([
      this.store.get(this.keys.job(name)),
      this.store.get(this.keys.cursor(name)),
      this.store.get(this.keys.edit(name)),
    ]);
    return readJobAndCursor(name, job, cursor, edit);
  }

  private async settle(transactions: readonly Transaction[]): Promise<number[]> {
    const settled = await this.store.transactAll(transactions);
    return settled.map((each) => {
      if (!each.ok) throw each.error;
      if (!each.result.succeeded) throw new Error('the folder holds such a job already: seed a new one');
      return each.result.revision;
    });
  }
}

import { type CoordinationStore, listAll, type Operation, type Transaction } from '@app/etcd';
import {
  AlreadyExists,
  type Clock,
  FleetcronError,
  InvalidInput,
  type Log,
  NotFound,
  RevisionConflict,
} from '@app/platform';
import type { JobDocument } from '../job/job.js';
import { mergePatch } from '../job/merge-patch.js';
import { parseJobDocument } from '../job/parse-job-document.js';
import { isSameSchedule, type JobDefinition } from '../registry/job-definition.js';
import type { JobRegistry } from '../registry/job-registry.js';
import { secondOpinion } from '../schedule/second-opinion.js';
import { leftUndecided } from '../scheduling/entries.js';
import { isAdopted, writeCursor } from '../store/cursor.js';
import { readPause } from '../store/edit-note.js';
import { readInstant, readObject, readText } from '../store/json.js';
import type { Keys } from '../store/keys.js';
import type { SessionRef } from '../store/run-entry.js';
import {
  decisions,
  deleteTransaction,
  type Editor,
  putTransaction,
  type ReadJob,
  readJobAndCursor,
  type SchedulePast,
} from './edit-plan.js';
import type { Actor, JobVersion } from './job-control.js';

const KEPT_VERSIONS = 20;
/** A job that fires every second moves its cursor under an edit; so often we try before giving up. */
const TRIES = 50;

/**
 * This machine's clock is off, so it writes nothing that holds from now on: an edit moves a cursor to now, a run by hand
 * is due now, a drain begins now.
 * @public thrown to whoever asks for one
 */
export class ClockSuspect extends FleetcronError {
  readonly code = 'clock_suspect';

  constructor() {
    super(
      'The clock of this master is off by more than 2 s, so it takes no edits, runs and drains. Ask another one, or mend the clock.',
    );
  }
}

/** Changes jobs: each change is one transaction on job and cursor as they were read. */
export class JobEditor {
  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    /** Named in the decisions an edit leaves behind. */
    private readonly self: SessionRef,
    private readonly isClockGood: () => boolean,
    private readonly log: Log,
    private readonly registry: Pick<JobRegistry, 'get' | 'earlierOf' | 'knownSince'>,
  ) {}

  /** Throws NotFound. */
  async read(name: string): Promise<ReadJob> {
    const read = await this.readAny(name);
    if (!read.definition) throw new NotFound('job', name);
    return read;
  }

  async create(input: unknown, actor: Actor): Promise<ReadJob> {
    const { job, document } = parseJobDocument(input);
    return this.change(job.name, actor, (read) => {
      if (read.definition) throw new AlreadyExists('job', job.name);
      return document;
    });
  }

  async replace(
    name: string,
    input: unknown,
    actor: Actor,
    ifRevision: number | undefined,
  ): Promise<{ read: ReadJob; created: boolean }> {
    const { document } = parseJobDocument(input, name);
    let created = false;
    const read = await this.change(name, actor, (before) => {
      checkRevision(before, ifRevision);
      created = before.definition === undefined;
      return document;
    });
    return { read, created };
  }

  async patch(name: string, patch: unknown, actor: Actor, ifRevision: number | undefined): Promise<ReadJob> {
    return this.change(name, actor, (read) => {
      checkRevision(read, ifRevision);
      if (!read.definition) throw new NotFound('job', name);
      const before = read.value ? readObject(read.value) : undefined;
      if (!before)
        throw new InvalidInput([{ path: '', message: 'the stored value is no JSON object: replace it whole' }]);
      return parseJobDocument(mergePatch(before, patch), name).document;
    });
  }

  async remove(name: string, actor: Actor, ifRevision: number | undefined): Promise<void> {
    await this.attempt(name, (read) => {
      if (!read.definition) throw new NotFound('job', name);
      checkRevision(read, ifRevision);
      return deleteTransaction(this.keys, read, this.editor(actor, read));
    });
  }

  /**
   * Sets the cursor, also back: the one way it can go back. Fires after `to` get new run ids; undecided ones up to it
   * become one skipped stretch.
   */
  async resetCursor(name: string, to: number): Promise<void> {
    if (to > this.clock.now()) throw new InvalidInput([{ path: 'to', message: 'must not be in the future' }]);
    await this.attempt(name, (read) => {
      if (!read.definition || !read.cursor) throw new NotFound('job', name);
      const { since } = read.cursor;
      const isOfThis = isAdopted(read.cursor, read.definition);
      const passed = isOfThis && leftUndecided(read.definition, read.cursor, this.self, to, 'cursorMoved');
      const next = {
        ...read.cursor,
        at: to,
        resets: read.cursor.resets + 1,
        ...(since === undefined ? {} : { since: Math.min(since, to) }),
      };
      return {
        compare: [
          { key: this.keys.job(name), field: 'modRevision', equals: read.definition.revision },
          { key: this.keys.cursor(name), field: 'modRevision', equals: read.cursorRevision },
        ],
        then: [
          { kind: 'put', key: this.keys.cursor(name), value: writeCursor(next) },
          ...decisions(this.keys, passed ? [passed] : []),
        ],
      };
    });
  }

  /** Earlier definitions, newest first. Throws StoreUnavailable. */
  async versions(name: string): Promise<readonly JobVersion[]> {
    const { entries } = await listAll(this.store, this.keys.versionsOf(name));
    return entries
      .flatMap(({ key, value }) => {
        const raw = readObject(value);
        const document = raw?.document;
        if (typeof document !== 'object' || document === null) return [];
        const putAt = readInstant(raw?.putAt);
        const pause = readPause(raw?.pause);
        return {
          revision: Number(key.slice(this.keys.versionsOf(name).length)),
          document: document as JobDocument,
          ...(putAt === undefined ? {} : { putAt, putBy: readText(raw?.putBy) }),
          ...(pause && { pause }),
          replacedAt: readInstant(raw?.replacedAt) ?? 0,
          replacedBy: readText(raw?.replacedBy),
        };
      })
      .reverse();
  }

  private async change(name: string, actor: Actor, edit: (read: ReadJob) => JobDocument): Promise<ReadJob> {
    let before: JobDefinition | undefined;
    const read = await this.attempt(name, (read) => {
      before = read.definition;
      return putTransaction(this.keys, read, edit(read), this.editor(actor, read));
    });
    if (read.definition?.fingerprint !== before?.fingerprint) this.askAgain(read);
    return read;
  }

  /** Another engine's view of the schedule that was saved: where it differs, somebody should know. */
  private askAgain({ name, definition }: ReadJob): void {
    const { job, schedule } = definition ?? {};
    if (!schedule || job?.cronExpr === undefined) return;
    const found = secondOpinion(schedule, job.cronExpr, job.timezone, this.clock.now());
    if (found) this.log.warn('cron-parser expects other fires', { jobName: name, cronExpr: job.cronExpr, ...found });
  }

  /** Reads, plans and writes, again while the cursor moves underneath; gives what stands there then. */
  private async attempt(name: string, plan: (read: ReadJob) => Transaction): Promise<ReadJob> {
    if (!this.isClockGood()) throw new ClockSuspect();
    for (let tries = 1; ; tries++) {
      const [before, old] = await Promise.all([this.readAny(name), this.oldVersions(name)]);
      const { compare, then } = plan(before);
      const { succeeded, read } = await this.readAfter(name, { compare, then: [...then, ...old] });
      if (succeeded) return read;
      if (tries === TRIES) {
        throw new RevisionConflict('job', name, String(before.definition?.revision ?? 0), 'another one with every try');
      }
    }
  }

  private async readAny(name: string): Promise<ReadJob> {
    return (await this.readAfter(name, { compare: [], then: [] })).read;
  }

  /** Carries a transaction out, and reads the job in the same one: as it stands after what was written. */
  private async readAfter(
    name: string,
    { compare, then }: Transaction,
  ): Promise<{ readonly succeeded: boolean; readonly read: ReadJob }> {
    const reads = [this.keys.job(name), this.keys.cursor(name), this.keys.edit(name)].map(
      (key) => ({ kind: 'get', key }) as const,
    );
    const [settled] = await this.store.transactAll([{ compare, then: [...then, ...reads], otherwise: reads }]);
    if (settled?.ok !== true) throw settled?.error;
    const { succeeded, results } = settled.result;
    const [job, cursor, edit] = results
      .slice(-reads.length)
      .map((each) => (each.kind === 'get' ? each.entry : undefined));
    return { succeeded, read: readJobAndCursor(name, job, cursor, edit) };
  }

  /** Ends those that are too many once another one is kept. */
  private async oldVersions(name: string): Promise<readonly Operation[]> {
    const { entries } = await this.store.range(this.keys.versionsOf(name), {
      keysOnly: true,
      limit: 2 * KEPT_VERSIONS,
    });
    const count = Math.max(0, entries.length - (KEPT_VERSIONS - 1));
    return entries.slice(0, count).map(({ key }) => ({ kind: 'delete', key }));
  }

  private editor(actor: Actor, read: ReadJob): Editor {
    return { self: this.self, actor, now: this.clock.now(), past: this.pastOf(read) };
  }

  /** What was read may be newer than the registry: then the one it has is the earlier one, until a moment ago. */
  private pastOf({ name, definition }: ReadJob): SchedulePast {
    const known = this.registry.get(name);
    const isKnown = known && definition && isSameSchedule(known, definition);
    return isKnown
      ? { earlier: this.registry.earlierOf(name), since: this.registry.knownSince(name) }
      : { earlier: known ?? this.registry.earlierOf(name), since: this.clock.now() };
  }
}

function checkRevision(read: ReadJob, expected: number | undefined): void {
  if (expected === undefined || read.definition?.revision === expected) return;
  if (!read.definition) throw new NotFound('job', read.name);
  throw new RevisionConflict('job', read.name, String(expected), String(read.definition.revision));
}

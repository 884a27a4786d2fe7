import type { Entry, Transaction } from '@app/etcd';
import { knownCursor } from '../claiming/decision.js';
import { scheduleFingerprint } from '../job/fingerprint.js';
import type { JobDocument } from '../job/job.js';
import { hasRunsLeft } from '../job/schedule-of.js';
import { type JobDefinition, readDefinition } from '../registry/job-definition.js';
import { adoption, leftUndecided } from '../scheduling/entries.js';
import { type Cursor, isAdopted, isCursorOf, writeCursor } from '../store/cursor.js';
import { type EditNote, readEditNote, writeEditNote, writePause } from '../store/edit-note.js';
import { writeInstant } from '../store/json.js';
import type { Keys } from '../store/keys.js';
import { type RunEntry, type SessionRef, writeRunEntry } from '../store/run-entry.js';
import { editNoteOf, pauseOf } from './edit-note-of.js';
import type { Actor } from './job-control.js';

/** A job and its cursor as they were read together. */
export interface ReadJob {
  readonly name: string;
  readonly definition: JobDefinition | undefined;
  readonly value: Buffer | undefined;
  readonly cursor: Cursor | undefined;
  readonly cursorRevision: number;
  /** Who put the definition, and when; undefined where another client did. */
  readonly edit: EditNote | undefined;
}

export function readJobAndCursor(
  name: string,
  job: Entry | undefined,
  cursor: Entry | undefined,
  edit: Entry | undefined,
): ReadJob {
  const known = knownCursor(cursor);
  return {
    name,
    definition: job && readDefinition(name, job),
    value: job?.value,
    cursor: known.cursor,
    cursorRevision: known.revision,
    edit: edit && edit.modRevision === job?.modRevision ? readEditNote(edit.value) : undefined,
  };
}

/** Who writes the decision about what an edit leaves undecided. It has no lease: whoever keeps house records it. */
export interface Editor {
  readonly self: SessionRef;
  readonly actor: Actor;
  readonly now: number;
  /** What is known of the schedule the edit ends, for what another client put and nobody has adopted yet. */
  readonly past: SchedulePast;
}

/** How a schedule came to be: as it is known where the edit is made. */
export interface SchedulePast {
  /** The definition before it that had another schedule. */
  readonly earlier: JobDefinition | undefined;
  /** Since when it is there, epoch milliseconds. */
  readonly since: number;
}

/**
 * Puts a definition. If its schedule is another than before, the cursor moves to now in the same transaction, and what
 * the old one left undecided becomes one skipped stretch: so no later claim can use the old definition, and nothing
 * fires for a time before the new one.
 */
export function putTransaction(keys: Keys, read: ReadJob, document: JobDocument, editor: Editor): Transaction {
  const { name, definition, cursor } = read;
  const fingerprint = scheduleFingerprint(document);
  const put = [
    { kind: 'put', key: keys.job(name), value: JSON.stringify(document) },
    { kind: 'put', key: keys.edit(name), value: writeEditNote(editNoteOf(read, document, editor)) },
  ] as const;
  const compare = [{ key: keys.job(name), field: 'modRevision', equals: definition?.revision ?? 0 } as const];
  const version = versionOperations(keys, read, editor);
  const isMoreAllowed = isUsedUp(read, maxRunsOf(read)) && !isUsedUp(read, document['maxRuns']);
  const isSameSchedule =
    definition?.fingerprint === fingerprint && pauseEndOf(read) === document['pausedUntil'] && !isMoreAllowed;
  if (isSameSchedule && definition && isAdopted(cursor, definition)) return { compare, then: [...put, ...version] };

  const move = (to: Cursor, entries: readonly RunEntry[]): Transaction => ({
    compare: [...compare, { key: keys.cursor(name), field: 'modRevision', equals: read.cursorRevision }],
    then: [
      ...put,
      ...version,
      { kind: 'put', key: keys.cursor(name), value: writeCursor(to) },
      ...decisions(keys, entries),
    ],
  });
  if (isSameSchedule) {
    // Another client put it, and nobody adopted it yet: its fires are left to the workers here as well.
    const { next, entry } = adoptionOf(read, definition, editor);
    return move(next, entry ? [entry] : []);
  }
  const next: Cursor = {
    at: Math.max(cursor?.at ?? 0, editor.now),
    // Of a job that comes into being here, the generation is this transaction's own revision.
    generation: definition?.createRevision ?? 0,
    fingerprint,
    since: editor.now,
    runs: definition && isCursorOf(cursor, definition) ? cursor.runs : 0,
    resets: cursor?.resets ?? 0,
  };
  const reason = isMoreAllowed ? 'maxRuns' : document.paused === true ? 'paused' : 'edited';
  return move(next, undecided(read, editor, reason));
}

/** Deletes the job. Its cursor stays a day, moved to now, so that a new job of the name cannot fire an old time. */
export function deleteTransaction(keys: Keys, read: ReadJob, editor: Editor): Transaction {
  const { name, definition, cursor } = read;
  const next: Cursor = {
    at: Math.max(cursor?.at ?? 0, editor.now),
    generation: cursor?.generation ?? definition?.createRevision ?? 0,
    fingerprint: cursor?.fingerprint ?? '',
    runs: cursor?.runs ?? 0,
    resets: cursor?.resets ?? 0,
    deleted: true,
  };
  return {
    compare: [
      { key: keys.job(name), field: 'modRevision', equals: definition?.revision ?? 0 },
      { key: keys.cursor(name), field: 'modRevision', equals: read.cursorRevision },
    ],
    then: [
      { kind: 'delete', key: keys.job(name) },
      { kind: 'delete', key: keys.edit(name) },
      ...versionOperations(keys, read, editor),
      { kind: 'put', key: keys.cursor(name), value: writeCursor(next) },
      ...decisions(keys, undecided(read, editor, 'deleted')),
    ],
  };
}

function maxRunsOf({ definition }: ReadJob): number | undefined {
  return definition?.job?.maxRuns;
}

/** It has had all its runs, and its cursor stands since the last one: more of them must not let old fires through. */
function isUsedUp({ definition, cursor }: ReadJob, maxRuns: unknown): boolean {
  if (definition === undefined || !isCursorOf(cursor, definition)) return false;
  return typeof maxRuns === 'number' && !hasRunsLeft({ maxRuns }, cursor.runs);
}

/** When the pause ends, as it stands: moved into the past it must not let old fires through. */
function pauseEndOf({ definition }: ReadJob): unknown {
  return definition?.parsed.ok ? definition.parsed.document['pausedUntil'] : undefined;
}

/** Puts decisions that need no running. */
export function decisions(keys: Keys, entries: readonly RunEntry[]) {
  return entries.map(
    (entry) => ({ kind: 'put', key: keys.run(entry.jobName, entry.runId), value: writeRunEntry(entry) }) as const,
  );
}

/** What the definition that ends leaves undecided; where nobody adopted it, first what the one before it left. */
function undecided(read: ReadJob, editor: Editor, reason: string): readonly RunEntry[] {
  const { definition, cursor } = read;
  if (!definition) return [];
  const adopted = isAdopted(cursor, definition) ? { next: cursor, entry: undefined } : undefined;
  const { next, entry } = adopted ?? adoptionOf(read, definition, editor);
  const left = leftUndecided(definition, next, editor.self, editor.now, reason);
  return [entry, left].filter((each) => each !== undefined);
}

function adoptionOf({ cursor }: ReadJob, definition: JobDefinition, { past, self }: Editor) {
  return adoption(definition, past.earlier, cursor, past.since, self);
}

/** Keeps the definition that goes, and who had put it; one that is no JSON object is kept by nobody. */
function versionOperations(keys: Keys, read: ReadJob, editor: Editor) {
  const { definition, name, edit } = read;
  if (!definition?.parsed.ok) return [];
  const pause = pauseOf(read);
  const value = JSON.stringify({
    v: 1,
    document: definition.parsed.document,
    ...(edit && { putAt: writeInstant(edit.at), putBy: edit.by }),
    ...(pause && { pause: writePause(pause) }),
    replacedAt: writeInstant(editor.now),
    replacedBy: editor.actor.name,
  });
  return [{ kind: 'put', key: keys.version(name, definition.revision), value } as const];
}

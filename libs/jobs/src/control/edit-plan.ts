import type { Entry, Transaction } from '@app/etcd';
import { knownCursor } from '../claiming/decision.js';
import { scheduleFingerprint } from '../job/fingerprint.js';
import type { JobDocument } from '../job/job.js';
import { type JobDefinition, readDefinition } from '../registry/job-definition.js';
import { leftUndecided } from '../scheduling/entries.js';
import { type Cursor, writeCursor } from '../store/cursor.js';
import { type EditNote, readEditNote, writeEditNote, writePause } from '../store/edit-note.js';
import { writeInstant } from '../store/json.js';
import type { Keys } from '../store/keys.js';
import { type SessionRef, writeRunEntry } from '../store/run-entry.js';
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
}

/**
 * Puts a definition. If its schedule is another than before, the cursor moves to now in the same transaction, and what
 * the old one left undecided becomes one skipped stretch: so no later claim can use the old definition, and nothing
 * fires for a time before the new one.
 */
export function putTransaction(keys: Keys, read: ReadJob, document: JobDocument, editor: Editor): Transaction {
  const { name, definition, cursor } = read;
  const fingerprint = scheduleFingerprint(document);
  const isAdopted = isCursorOf(cursor, definition);
  const put = [
    { kind: 'put', key: keys.job(name), value: JSON.stringify(document) },
    { kind: 'put', key: keys.edit(name), value: writeEditNote(editNoteOf(read, document, editor)) },
  ] as const;
  const compare = [{ key: keys.job(name), field: 'modRevision', equals: definition?.revision ?? 0 } as const];
  const version = versionOperations(keys, read, editor);
  const isSameSchedule = cursor?.fingerprint === fingerprint && pauseEndOf(read) === document['pausedUntil'];
  if (definition && isAdopted && isSameSchedule) return { compare, then: [...put, ...version] };

  const next: Cursor = {
    at: Math.max(cursor?.at ?? 0, editor.now),
    // Of a job that comes into being here, the generation is this transaction's own revision.
    generation: definition?.createRevision ?? 0,
    fingerprint,
    since: editor.now,
    runs: definition && isAdopted ? (cursor?.runs ?? 0) : 0,
    resets: cursor?.resets ?? 0,
  };
  const reason = document.paused === true ? 'paused' : 'edited';
  return {
    compare: [...compare, { key: keys.cursor(name), field: 'modRevision', equals: read.cursorRevision }],
    then: [
      ...put,
      ...version,
      { kind: 'put', key: keys.cursor(name), value: writeCursor(next) },
      ...undecidedOperations(keys, read, editor, reason),
    ],
  };
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
      ...undecidedOperations(keys, read, editor, 'deleted'),
    ],
  };
}

/** When the pause ends, as it stands: moved into the past it must not let old fires through. */
function pauseEndOf({ definition }: ReadJob): unknown {
  return definition?.parsed.ok ? definition.parsed.document['pausedUntil'] : undefined;
}

/** Whether the cursor was moved for this job, whatever its schedule. */
function isCursorOf(cursor: Cursor | undefined, definition: JobDefinition | undefined): boolean {
  return (
    cursor !== undefined &&
    definition !== undefined &&
    !cursor.deleted &&
    cursor.generation === definition.createRevision
  );
}

function undecidedOperations(keys: Keys, read: ReadJob, editor: Editor, reason: string) {
  const { definition, cursor, name } = read;
  if (!definition || !cursor || !isCursorOf(cursor, definition) || cursor.fingerprint !== definition.fingerprint)
    return [];
  const entry = leftUndecided(definition, cursor, editor.self, editor.now, reason);
  if (!entry) return [];
  return [{ kind: 'put', key: keys.run(name, entry.runId), value: writeRunEntry(entry) } as const];
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

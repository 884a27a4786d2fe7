import type { JobDocument } from '../job/job.js';
import type { EditNote, PauseNote } from '../store/edit-note.js';
import { readInstant } from '../store/json.js';
import type { Editor, ReadJob } from './edit-plan.js';

/** What is noted of an edit. A pause that goes on keeps its beginning, and who said so while nobody says it otherwise. */
export function editNoteOf(read: ReadJob, document: JobDocument, { actor, now }: Editor): EditNote {
  const by = actor.name;
  if (document['paused'] !== true) return { by, at: now };
  const before = read.definition?.parsed.ok ? read.definition.parsed.document : undefined;
  if (!before || !isPausedAt(before, now)) return { by, at: now, pause: { at: now, by } };
  const running = pauseOf(read);
  if (!running) return { by, at: now };
  const isSaidAgain = ['pausedReason', 'pausedUntil'].some((field) => before[field] !== document[field]);
  return { by, at: now, pause: isSaidAgain ? { at: running.at, by } : running };
}

/**
 * Since when the job has been paused, and who said so; undefined where it is not, or nobody knows. Of a pause another
 * client put, it is when a worker took notice.
 */
export function pauseOf({ definition, cursor, edit }: ReadJob): PauseNote | undefined {
  if (!definition?.job?.paused) return undefined;
  if (edit?.pause) return edit.pause;
  const isItsCursor = cursor?.generation === definition.createRevision && cursor.fingerprint === definition.fingerprint;
  return isItsCursor && cursor.since !== undefined ? { at: cursor.since } : undefined;
}

function isPausedAt(document: JobDocument, now: number): boolean {
  const until = readInstant(document['pausedUntil']);
  return document['paused'] === true && (until === undefined || until > now);
}

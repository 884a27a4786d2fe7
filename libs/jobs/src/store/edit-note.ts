import { isObject, readInstant, readObject, readText, writeInstant } from './json.js';

/**
 * What stands under `edits/NAME`: who put the definition under `jobs/NAME`, and when. Both are put in one transaction, so
 * a note of another revision than the job's is about an earlier definition: then another client put this one.
 */
export interface EditNote {
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Of a definition that is paused. */
  readonly pause?: PauseNote;
}

/** Since when a job has been paused, epoch milliseconds, and who said so last; undefined: another client. */
export interface PauseNote {
  readonly at: number;
  readonly by?: string;
}

export function writeEditNote({ by, at, pause }: EditNote): string {
  return JSON.stringify({
    v: 1,
    by,
    at: writeInstant(at),
    ...(pause && { pause: writePause(pause) }),
  });
}

/** The note of a pause as it stands in stored values. */
export function writePause({ at, by }: PauseNote): object {
  return { at: writeInstant(at), ...(by === undefined ? {} : { by }) };
}

/** undefined when the bytes hold no note. */
export function readEditNote(value: Buffer): EditNote | undefined {
  const raw = readObject(value);
  const at = readInstant(raw?.at);
  if (raw === undefined || at === undefined) return undefined;
  const pause = readPause(raw.pause);
  return { by: readText(raw.by), at, ...(pause && { pause }) };
}

/** undefined when it is no note of a pause. */
export function readPause(raw: unknown): PauseNote | undefined {
  const at = isObject(raw) ? readInstant(raw.at) : undefined;
  if (at === undefined || !isObject(raw)) return undefined;
  return { at, ...(typeof raw.by === 'string' ? { by: raw.by } : {}) };
}

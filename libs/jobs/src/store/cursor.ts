import { readInstant, readNumber, readObject, readText, writeInstant } from './json.js';

/** Per job, the instant up to which all fires have been decided, and for which definition that was said. */
export interface Cursor {
  /** Epoch milliseconds. */
  readonly at: number;
  /**
   * create_revision of the job it belongs to. 0: the job came into being in the transaction that put this cursor, so
   * it is the cursor's own modRevision.
   */
  readonly generation: number;
  /** Fingerprint of the schedule it was moved for. */
  readonly fingerprint: string;
  /**
   * From when on this schedule decides: the instant it was made, changed, resumed or taken up, epoch milliseconds. For
   * people only; undefined where nobody noted it.
   */
  readonly since?: number;
  /** Runs by schedule so far, for `maxRuns`. */
  readonly runs: number;
  /** How often it was set back by hand: part of the run ids, so that a fire decided again is another run. */
  readonly resets: number;
  /** The job was deleted; the cursor stays a day so that a new job of the name cannot fire an old time. */
  readonly deleted?: boolean;
}

/** What of a definition a cursor knows. */
interface Marked {
  readonly createRevision: number;
  readonly fingerprint: string;
}

/** Whether the cursor was moved for this job, whatever its schedule. */
export function isCursorOf(cursor: Cursor | undefined, job: Pick<Marked, 'createRevision'>): cursor is Cursor {
  return cursor !== undefined && !cursor.deleted && cursor.generation === job.createRevision;
}

/** Whether the cursor was moved for this very schedule of the job. */
export function isAdopted(cursor: Cursor | undefined, job: Marked): cursor is Cursor {
  return isCursorOf(cursor, job) && cursor.fingerprint === job.fingerprint;
}

export function writeCursor(cursor: Cursor): string {
  return JSON.stringify({
    v: 1,
    at: writeInstant(cursor.at),
    g: String(cursor.generation),
    s: cursor.fingerprint,
    ...(cursor.since === undefined ? {} : { since: writeInstant(cursor.since) }),
    n: cursor.runs,
    r: cursor.resets,
    ...(cursor.deleted ? { deleted: true } : {}),
  });
}

/** undefined when the bytes hold no cursor of ours: then the job is adopted anew. */
export function readCursor(value: Buffer): Cursor | undefined {
  const raw = readObject(value);
  const at = readInstant(raw?.at);
  if (raw === undefined || at === undefined) return undefined;
  const since = readInstant(raw.since);
  return {
    at,
    generation: readNumber(raw.g),
    fingerprint: shared(readText(raw.s)),
    ...(since === undefined ? {} : { since }),
    runs: readNumber(raw.n),
    resets: readNumber(raw.r),
    ...(raw.deleted === true ? { deleted: true } : {}),
  };
}

/** The same string for equal fingerprints: a worker knows a million cursors of a few thousand schedules. */
function shared(fingerprint: string): string {
  const known = fingerprints.get(fingerprint);
  if (known !== undefined) return known;
  if (fingerprints.size < MAX_FINGERPRINTS) fingerprints.set(fingerprint, fingerprint);
  return fingerprint;
}

const fingerprints = new Map<string, string>();
const MAX_FINGERPRINTS = 20_000;

import type { RunTrigger } from '../run/run.js';
import { readInstant, readObject, writeInstant } from './json.js';

/** What stands under `requests/NAME/RUNID`: a wish for a run that no schedule asked for. */
export interface RequestEntry {
  readonly runId: string;
  readonly jobName: string;
  readonly trigger: RunTrigger;
  /** The instant the run is for: of the wish itself, or of the fire that is tried again. Epoch milliseconds. */
  readonly scheduledTime: number;
  readonly requestedAt: number;
  /** Not before this instant (wall clock). */
  readonly notBefore: number;
  readonly attempt: number;
  readonly rootRunId: string;
  readonly by?: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Only this worker may take it. */
  readonly worker?: string;
  /** create_revision of the job it was made for. */
  readonly jobGeneration: number;
  /** Of a retry: the run it tries again. A kill that means that run means this one. */
  readonly after?: FollowedRun;
}

/** A run by its id, and by the createRevision of its key, which says what kills are younger. */
export interface FollowedRun {
  readonly runId: string;
  readonly fenceRevision: number;
}

export function writeRequest(request: RequestEntry): string {
  return JSON.stringify({
    v: 1,
    ...request,
    scheduledTime: writeInstant(request.scheduledTime),
    requestedAt: writeInstant(request.requestedAt),
    notBefore: writeInstant(request.notBefore),
  });
}

/** undefined when the bytes hold no request. */
export function readRequest(value: Buffer): RequestEntry | undefined {
  const raw = readObject(value);
  const scheduledTime = readInstant(raw?.scheduledTime);
  const requestedAt = readInstant(raw?.requestedAt);
  const notBefore = readInstant(raw?.notBefore);
  if (raw === undefined || scheduledTime === undefined || requestedAt === undefined || notBefore === undefined) {
    return undefined;
  }
  if (typeof raw.runId !== 'string' || typeof raw.jobName !== 'string') return undefined;
  const { v: _version, ...fields } = raw;
  return { ...fields, scheduledTime, requestedAt, notBefore } as unknown as RequestEntry;
}

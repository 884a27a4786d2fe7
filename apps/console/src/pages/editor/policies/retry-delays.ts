import { isMap } from '../state/paths';

/** How long each further attempt waits, in seconds, as the document says; with the rest of them where there are many. */
export interface RetryDelays {
  readonly seconds: readonly number[];
  /** How many more come after those listed. */
  readonly more: number;
}

const SHOWN = 5;

/** The delays of a `retry` of a document, defaults filled in; undefined where it retries nothing, or says something wrong. */
export function retryDelays(retry: unknown): RetryDelays | undefined {
  if (!isMap(retry)) return undefined;
  const { limit, delaySeconds = 10, factor = 2, maxDelaySeconds } = retry;
  if (!isCount(limit) || limit === 0 || !isCount(delaySeconds) || typeof factor !== 'number') return undefined;
  const most = isCount(maxDelaySeconds) ? maxDelaySeconds : Math.max(3600, delaySeconds);
  const shown = Math.min(limit, SHOWN);
  const seconds = Array.from({ length: shown }, (_, attempt) => Math.min(delaySeconds * factor ** attempt, most));
  return { seconds, more: limit - shown };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

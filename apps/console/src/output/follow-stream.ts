import type { EventSourceMessage } from 'eventsource-parser';
import { readEvents } from '../live/read-events';

/** One event of the stream of a run's output. */
export type OutputEvent = Pick<EventSourceMessage, 'event' | 'data'>;

/**
 * The events of a run's output from a piece on, until the server or the signal ends the connection. Throws as
 * `readEvents` does.
 */
export function followStream(runId: string, fromSeq: number, signal: AbortSignal): AsyncGenerator<OutputEvent> {
  return readEvents(`/api/v1/runs/${encodeURIComponent(runId)}/output/stream?fromSeq=${fromSeq}`, signal);
}

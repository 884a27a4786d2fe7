import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ApiProblem } from '../api/problem';

/** The server sends a comment every 15 s; after this without a byte the connection is dead. */
const SILENCE_MS = 40_000;

/** One event of the stream of a run's output. */
export interface OutputEvent {
  readonly event: string | undefined;
  readonly data: string;
}

/**
 * The events of a run's output from a piece on, until the server or the signal ends the connection. Throws ApiProblem
 * where the server refuses, and whatever fetch throws where there is no connection.
 */
export async function* followStream(runId: string, fromSeq: number, signal: AbortSignal): AsyncGenerator<OutputEvent> {
  const silence = new AbortController();
  let watchdog = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const address = `/api/v1/runs/${encodeURIComponent(runId)}/output/stream?fromSeq=${fromSeq}`;
    const response = await fetch(address, { signal: AbortSignal.any([signal, silence.signal]), cache: 'no-store' });
    if (!response.ok || !response.body) {
      throw ApiProblem.of(await response.json().catch(() => undefined), response);
    }
    const seen = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => silence.abort(), SILENCE_MS);
        controller.enqueue(chunk);
      },
    });
    const events = response.body
      .pipeThrough(seen)
      .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
      .pipeThrough(new EventSourceParserStream())
      .getReader();
    for (;;) {
      const { done, value } = await events.read();
      if (done) return;
      yield { event: value.event, data: value.data };
    }
  } finally {
    clearTimeout(watchdog);
  }
}

import type { EventSourceMessage } from 'eventsource-parser';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ApiProblem } from '../api/problem';

/** The server sends a comment every 15 s; after this without a byte the connection is dead. */
const SILENCE_MS = 40_000;

/**
 * The server-sent events of one connection, until the server or the signal ends it. Throws ApiProblem where the server
 * refuses, and whatever fetch throws where there is no connection or it fell silent.
 */
export async function* readEvents(
  address: string,
  signal: AbortSignal,
  headers?: Record<string, string>,
): AsyncGenerator<EventSourceMessage> {
  const silence = new AbortController();
  let watchdog = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const ends = AbortSignal.any([signal, silence.signal]);
    const response = await fetch(address, { signal: ends, cache: 'no-store', ...(headers && { headers }) });
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
      yield value;
    }
  } finally {
    clearTimeout(watchdog);
  }
}

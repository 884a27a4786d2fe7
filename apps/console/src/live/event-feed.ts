import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ChangeBatch } from './batch';
import type { Change, FeedMessage, FeedState } from './changes';

/** The server sends a comment every 15 s; after this without a byte the connection is dead. */
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
const TELL_MS = 250;

/**
 * Follows `/api/v1/events` for as long as somebody listens. States: `connecting` at first; `open` while the stream
 * stands; `lost` after any failure, tried again with growing pauses and resumed after the last id seen; `signedOut` when
 * the server wants a sign-in, until `wake`.
 */
export class EventFeed {
  private readonly listeners = new Set<(message: FeedMessage) => void>();
  private readonly batch = new ChangeBatch();
  private state: FeedState = 'connecting';
  private lastId: string | undefined;
  private stopping: AbortController | undefined;
  private pauseOver: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly address: string) {}

  /** Tells the listener the state at once, and everything from now on. Returns what ends it. */
  listen(listener: (message: FeedMessage) => void): () => void {
    this.listeners.add(listener);
    listener({ type: 'state', state: this.state });
    if (!this.stopping) {
      this.stopping = new AbortController();
      void this.follow(this.stopping.signal);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) {
        this.stop();
      }
    };
  }

  /** Tries at once: the network or the session is back. */
  wake(): void {
    this.pauseOver?.();
  }

  private stop(): void {
    this.stopping?.abort();
    this.stopping = undefined;
    this.pauseOver?.();
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastId = undefined;
    this.state = 'connecting';
  }

  private async follow(signal: AbortSignal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      const outcome = await this.connect(signal).catch(() => 'lost' as const);
      if (signal.aborted) {
        return;
      }
      if (outcome === 'ended') {
        retryMs = FIRST_RETRY_MS;
      }
      this.tellState(outcome === 'signedOut' ? 'signedOut' : 'lost');
      await this.pause(retryMs);
      retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
    }
  }

  /** One connection from its beginning to its end. */
  private async connect(signal: AbortSignal): Promise<'ended' | 'lost' | 'signedOut'> {
    const silence = new AbortController();
    const ends = AbortSignal.any([signal, silence.signal]);
    let watchdog = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      const headers = this.lastId === undefined ? undefined : { 'Last-Event-ID': this.lastId };
      const response = await fetch(this.address, { signal: ends, cache: 'no-store', ...(headers && { headers }) });
      if (response.status === 401) {
        return 'signedOut';
      }
      if (!response.ok || !response.body) {
        return 'lost';
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
        if (done) {
          return 'ended';
        }
        this.hear(value.event, value.id, value.data);
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  private hear(event: string | undefined, id: string | undefined, data: string): void {
    if (event === 'ready') {
      this.tellState('open');
    } else if (event === 'reset') {
      this.batch.lose();
      this.tellSoon();
    } else if (event === 'job' || event === 'run' || event === 'worker') {
      this.batch.add({ kind: event, ...JSON.parse(data) } as Change);
      this.tellSoon();
    }
    this.lastId = id ?? this.lastId;
  }

  private tellSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const taken = this.batch.take();
      this.tell(taken === 'reset' ? { type: 'reset' } : { type: 'changes', changes: taken });
    }, TELL_MS);
  }

  private tellState(state: FeedState): void {
    if (this.state !== state) {
      this.state = state;
      this.tell({ type: 'state', state });
    }
  }

  private tell(message: FeedMessage): void {
    for (const listener of [...this.listeners]) {
      listener(message);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.pauseOver = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

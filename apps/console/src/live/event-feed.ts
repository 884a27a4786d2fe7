import { ApiProblem } from '../api/problem';
import { ChangeBatch } from './batch';
import type { Change, FeedMessage, FeedState } from './changes';
import { readEvents } from './read-events';

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
  private retryMs = FIRST_RETRY_MS;
  /** Whether it was tried to follow before: what changed since may have been told to nobody. */
  private isAgain = false;
  private isResumed = false;

  constructor(private readonly address: string) {}

  /** Tells the listener the state at once, and everything from now on. Returns what ends it. */
  listen(listener: (message: FeedMessage) => void): () => void {
    // Whoever comes now may just have signed in.
    if (this.state === 'signedOut') {
      this.state = 'connecting';
      this.wake();
    }
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
    while (!signal.aborted) {
      const outcome = await this.connect(signal).catch(() => 'lost' as const);
      if (signal.aborted) {
        return;
      }
      this.tellState(outcome);
      const pauseMs = this.retryMs;
      this.retryMs = Math.min(LAST_RETRY_MS, pauseMs * 2);
      await this.pause(pauseMs);
    }
  }

  /** One connection from its beginning to its end. */
  private async connect(signal: AbortSignal): Promise<'lost' | 'signedOut'> {
    this.isResumed = this.lastId !== undefined || !this.isAgain;
    this.isAgain = true;
    const headers = this.lastId === undefined ? undefined : { 'Last-Event-ID': this.lastId };
    try {
      for await (const { event, id, data } of readEvents(this.address, signal, headers)) {
        this.hear(event, id, data);
      }
      return 'lost';
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) {
        return 'signedOut';
      }
      throw error;
    }
  }

  private hear(event: string | undefined, id: string | undefined, data: string): void {
    if (event === 'ready') {
      this.retryMs = FIRST_RETRY_MS;
      this.tellState('open');
      if (!this.isResumed) {
        this.batch.lose();
        this.tellSoon();
      }
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
      this.tell(this.batch.takeMessage());
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

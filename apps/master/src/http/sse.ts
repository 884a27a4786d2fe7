import { CancelTimer, Clock } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Request, Response } from 'express';
import { Authenticator } from '../auth/authenticator.js';
import { drained } from './drained.js';

/** Silence after which a comment is sent, so that proxies keep the connection and a dead one is noticed. */
export const HEARTBEAT_MS = 15_000;

/** Unsent bytes at which a reader counts as too slow. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** One server-sent event. `data` is sent as JSON. */
export interface ServerEvent {
  readonly event: string;
  /** What the client sends back as Last-Event-ID; without one it keeps the id before. */
  readonly id?: string;
  readonly data: unknown;
}

/** Opens streams of server-sent events that end with the right to read them. */
@Injectable()
export class SseStreams {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly clock: Clock,
  ) {}

  open(request: Request, response: Response): SseStream {
    const isAllowed = async (): Promise<boolean> => (await this.authenticator.identify(request.headers)) !== undefined;
    const stream = new SseStream(response, this.clock, isAllowed);
    if (request.method === 'HEAD') {
      stream.close();
    }
    return stream;
  }
}

/**
 * One open stream. Open from the constructor on; closed by `close`, by the client, or at a heartbeat that finds the
 * credentials revoked. Sending to a closed one does nothing.
 */
export class SseStream {
  private readonly closing = new AbortController();
  private cancelHeartbeat: CancelTimer = () => {};

  constructor(
    private readonly response: Response,
    private readonly clock: Clock,
    private readonly isAllowed: () => Promise<boolean>,
  ) {
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      // Nginx would hold the events back.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    response.on('close', () => this.close());
    response.on('error', () => this.close());
    // Whoever left before all this, while a store was asked, is not told of again.
    if (response.closed || response.destroyed) this.close();
    else this.beat();
  }

  /** Aborted when the stream is closed, by whomever. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** False when the reader is too slow or gone; the stream is closed then, and a client that resumes misses nothing. */
  send({ event, id, data }: ServerEvent): boolean {
    if (this.closed.aborted) {
      return false;
    }
    if (this.response.writableLength > MAX_WAITING_BYTES) {
      this.close();
      return false;
    }
    this.response.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
    return true;
  }

  /** Resolves when what was sent is on its way, or the stream is closed. For senders that can wait. */
  drained(): Promise<void> {
    return drained(this.response);
  }

  /** Ends the stream. Safe to repeat. */
  close(): void {
    if (!this.closed.aborted) {
      this.closing.abort();
      this.cancelHeartbeat();
      this.response.end();
    }
  }

  private beat(): void {
    this.cancelHeartbeat = this.clock.timer(HEARTBEAT_MS, () => {
      // A store that is away says nothing against the credentials.
      this.isAllowed()
        .catch(() => true)
        .then((isAllowed) => {
          if (!isAllowed) {
            this.close();
          } else if (!this.closed.aborted) {
            this.response.write(': still here\n\n');
            this.beat();
          }
        });
    });
  }
}

/** The id a client resumes after, if it is a whole number. */
export function lastEventId(request: Request): number | undefined {
  const given = request.get('last-event-id');
  return given !== undefined && /^\d{1,15}$/.test(given) ? Number(given) : undefined;
}

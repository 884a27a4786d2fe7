import type { Output, OutputPiece, Run } from '@fleetcron/sdk';
import { ApiProblem, problemOf } from '../api/problem';
import type { OutputEvent } from './follow-stream';

/**
 * How reading stands. `waiting`: nothing asked for; `reading`: pages of what is there; `following`: new pieces come as
 * they are written; `lost`: the connection is gone and tried again; `complete`: everything there will be is here;
 * `failed`: the server refused, with the problem.
 */
export type SourceState = 'waiting' | 'reading' | 'following' | 'lost' | 'complete' | 'failed';

/** Where output comes from. */
export interface OutputPort {
  readPage(fromSeq: number, limit: number, signal: AbortSignal): Promise<Output>;
  follow(fromSeq: number, signal: AbortSignal): AsyncIterable<OutputEvent>;
  /** Somebody has to sign in again; resolves when they have. */
  signIn(): Promise<void>;
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** What the source tells. */
export interface OutputListener {
  piece(piece: OutputPiece): void;
  state(state: SourceState, problem?: ApiProblem): void;
  /** The run has ended; everything it wrote has been told. */
  ended?(run: Run): void;
}

/** The first page is small, so that something is seen soon. Pieces have 64 KiB at most. */
const FIRST_PAGE = 8;
const PAGE = 48;
/**
 * Pieces asked for once more when reading goes on: the server joins characters that stand in two pieces only where it
 * sees both.
 */
const OVERLAP = 4;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8_000;

/**
 * Reads the output of one run, each piece once and in order: by pages while there is something to read, then by the
 * stream until the run has ended. May be stopped and started again at any time; it goes on where it was.
 */
export class OutputSource {
  private next = 0;
  private isComplete = false;
  private stopping: AbortController | undefined;

  constructor(
    private readonly port: OutputPort,
    private readonly listener: OutputListener,
  ) {}

  start(): void {
    if (this.stopping || this.isComplete) return;
    this.stopping = new AbortController();
    void this.run(this.stopping.signal);
  }

  stop(): void {
    this.stopping?.abort();
    this.stopping = undefined;
  }

  private async run(signal: AbortSignal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted && !this.isComplete) {
      const before = this.next;
      try {
        await this.readAll(signal);
        if (!this.isComplete) await this.follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        const problem = problemOf(error);
        if (problem.status === 401) {
          await this.port.signIn();
        } else if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
          this.listener.state('failed', problem);
          this.stopping = undefined;
          return;
        }
      }
      if (signal.aborted || this.isComplete) return;
      if (this.next > before) retryMs = FIRST_RETRY_MS;
      this.listener.state('lost');
      await this.port.pause(retryMs, signal);
      retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
    }
  }

  private async readAll(signal: AbortSignal): Promise<void> {
    this.listener.state('reading');
    for (let limit = FIRST_PAGE; ; limit = PAGE) {
      const from = Math.max(0, this.next - OVERLAP);
      const page = await this.port.readPage(from, limit + OVERLAP, signal);
      if (signal.aborted) return;
      const before = this.next;
      for (const piece of page.items) this.take(piece);
      if (page.isComplete) {
        this.complete();
        return;
      }
      if (this.next === before) return;
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    for await (const { event, data } of this.port.follow(Math.max(0, this.next - OVERLAP), signal)) {
      if (signal.aborted) return;
      if (event === 'output') {
        this.take(JSON.parse(data) as OutputPiece);
      } else if (event === 'status') {
        this.listener.state('following');
      } else if (event === 'end') {
        this.complete();
        this.listener.ended?.(JSON.parse(data) as Run);
        return;
      }
    }
  }

  private take(piece: OutputPiece): void {
    if (piece.seq >= this.next) {
      this.next = piece.seq + 1;
      this.listener.piece(piece);
    }
  }

  private complete(): void {
    this.isComplete = true;
    this.stopping = undefined;
    this.listener.state('complete');
  }
}

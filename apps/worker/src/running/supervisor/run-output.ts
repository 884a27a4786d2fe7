import type { Readable } from 'node:stream';
import type { OutputPiece, OutputStream } from '@app/jobs';
import type { OutputSource, OutputTurns } from './output-turns.js';
import { StreamCapture } from './stream-capture.js';

/** Small output waits this long for more before it is sent, in milliseconds. */
const FLUSH_AFTER_MS = 50;
const FLUSH_AT_BYTES = 32 * 1024;

/** What a run's record says about its output. */
export interface OutputSummary {
  readonly outputBytes: number;
  readonly outputTruncated: boolean;
  readonly outputTail: string;
  readonly errTail: string;
}

/**
 * The output of one run: reads both streams as fast as they come (the job never waits for us), sends the head in
 * batches while it runs, and the tail at the end. What cannot be sent yet is held.
 */
export class RunOutput implements OutputSource {
  /** Resolves when everything was sent, after `finish`. Never rejects. */
  readonly sent: Promise<void>;
  private readonly captures: Readonly<Record<OutputStream, StreamCapture>>;
  private readonly open = new Set<Readable>();
  private seq = 0;
  private flushTimer?: NodeJS.Timeout;
  private isFinished = false;
  private allIsSent!: () => void;

  constructor(
    private readonly runId: string,
    limitBytes: number,
    private readonly turns: OutputTurns,
    private readonly now: () => number,
  ) {
    this.captures = { stdout: new StreamCapture(limitBytes), stderr: new StreamCapture(limitBytes) };
    this.sent = new Promise((resolve) => {
      this.allIsSent = resolve;
    });
  }

  read(stream: OutputStream, source: Readable): void {
    this.open.add(source);
    source.on('data', (bytes: Buffer) => this.take(stream, bytes));
    source.on('error', () => {});
    source.on('close', () => this.open.delete(source));
  }

  /** Bytes both streams brought so far. */
  get bytes(): number {
    return this.captures.stdout.bytes + this.captures.stderr.bytes;
  }

  /** Whether somebody may still write to a stream. */
  get isOpen(): boolean {
    return this.open.size > 0;
  }

  /** Reads no further, has the rest sent, and says how it was. Called once. */
  finish(): OutputSummary {
    for (const source of this.open) source.destroy();
    const { stdout, stderr } = this.captures;
    stdout.end();
    stderr.end();
    this.isFinished = true;
    this.flush();
    return {
      outputBytes: this.bytes,
      outputTruncated: stdout.cutBytes + stderr.cutBytes > 0,
      outputTail: stdout.textTail,
      errTail: stderr.textTail,
    };
  }

  /** The oldest of both streams. */
  nextPiece(): OutputPiece | undefined {
    const { stdout, stderr } = this.captures;
    const isErrFirst = (stderr.nextAt ?? Number.POSITIVE_INFINITY) < (stdout.nextAt ?? Number.POSITIVE_INFINITY);
    const stream = isErrFirst ? 'stderr' : 'stdout';
    const captured = this.captures[stream].take();
    if (captured) return { runId: this.runId, seq: this.seq++, stream, ...captured };
    if (this.isFinished) this.allIsSent();
    return undefined;
  }

  private take(stream: OutputStream, bytes: Buffer): void {
    const capture = this.captures[stream];
    capture.push(bytes, this.now());
    if (capture.waiting >= FLUSH_AT_BYTES) this.flush();
    else if (capture.waiting > 0) this.flushTimer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }

  private flush(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    this.turns.ask(this);
  }
}

import type { Readable } from 'node:stream';
import type { OutputPiece, OutputStream } from '@app/jobs';
import { type Captured, StreamCapture } from './stream-capture.js';

/** Small output waits this long for more before it is sent, in milliseconds. */
const FLUSH_AFTER_MS = 50;
const FLUSH_AT_BYTES = 32 * 1024;
const STREAMS = ['stdout', 'stderr'] as const;

/** Where output goes. */
export interface OutputSink {
  /** Whether more may be sent now; while not, output is kept as tail or counted only, never queued. */
  canTake(): boolean;
  send(piece: OutputPiece): void;
}

/** What a run's record says about its output. */
export interface OutputSummary {
  readonly outputBytes: number;
  readonly outputTruncated: boolean;
  readonly outputTail: string;
  readonly errTail: string;
}

/**
 * The output of one run: reads both streams as fast as they come (the job never waits for us), sends the head in
 * batches while it runs, and the tail at the end.
 */
export class RunOutput {
  private readonly captures: Readonly<Record<OutputStream, StreamCapture>>;
  private readonly open = new Set<Readable>();
  private seq = 0;
  private flushTimer?: NodeJS.Timeout;

  constructor(
    private readonly runId: string,
    limitBytes: number,
    private readonly sink: OutputSink,
    private readonly now: () => number,
  ) {
    this.captures = { stdout: new StreamCapture(limitBytes), stderr: new StreamCapture(limitBytes) };
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

  /** Reads no further, sends what is left, and says how it was. Called once. */
  finish(): OutputSummary {
    for (const source of this.open) source.destroy();
    this.flush();
    const { stdout, stderr } = this.captures;
    this.sendInOrder((capture) => capture.takeTail());
    return {
      outputBytes: this.bytes,
      outputTruncated: stdout.cutBytes + stderr.cutBytes > 0,
      outputTail: stdout.textTail,
      errTail: stderr.textTail,
    };
  }

  private take(stream: OutputStream, bytes: Buffer): void {
    const capture = this.captures[stream];
    capture.push(bytes, this.now(), this.sink.canTake());
    if (capture.waiting >= FLUSH_AT_BYTES) this.flush();
    else if (capture.waiting > 0) this.flushTimer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }

  private flush(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    this.sendInOrder((capture) => {
      const head = capture.takeHead();
      return head ? [head] : [];
    });
  }

  private sendInOrder(take: (capture: StreamCapture) => readonly Captured[]): void {
    const pieces = STREAMS.flatMap((stream) => take(this.captures[stream]).map((piece) => ({ stream, ...piece })));
    pieces.sort((a, b) => a.at - b.at);
    for (const piece of pieces) this.sink.send({ runId: this.runId, seq: this.seq++, ...piece });
  }
}

import type { Writable } from 'node:stream';
import { encodeFrame } from './frames.js';

/** So many unsent bytes do not wait for more. */
const FULL_AT_BYTES = 64 * 1024;

/** Writes frames to a stream; those of one turn of the event loop, or of some milliseconds, leave in one system call. */
export class FrameWriter {
  private isCorked = false;

  /** @param gatherMs how long frames wait for others; without it, until the end of the turn */
  constructor(
    private readonly stream: Writable,
    private readonly gatherMs?: number,
  ) {}

  /** What is written after the stream has closed is lost, as it would be a moment later. */
  write(message: unknown, payload?: Buffer): void {
    if (!this.stream.writable) return;
    if (!this.isCorked) this.cork();
    this.stream.write(encodeFrame(message, payload));
    if (this.stream.writableLength >= FULL_AT_BYTES) this.uncork();
  }

  private cork(): void {
    this.isCorked = true;
    this.stream.cork();
    if (this.gatherMs === undefined) process.nextTick(() => this.uncork());
    else setTimeout(() => this.uncork(), this.gatherMs);
  }

  private uncork(): void {
    if (!this.isCorked) return;
    this.isCorked = false;
    this.stream.uncork();
  }
}

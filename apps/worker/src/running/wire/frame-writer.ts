import type { Writable } from 'node:stream';
import { encodeFrame } from './frames.js';

/** Writes frames to a stream; those of one turn of the event loop leave in one system call. */
export class FrameWriter {
  private isCorked = false;

  constructor(private readonly stream: Writable) {}

  /** What is written after the stream has closed is lost, as it would be a moment later. */
  write(message: unknown, payload?: Buffer): void {
    if (!this.stream.writable) return;
    if (!this.isCorked) {
      this.isCorked = true;
      this.stream.cork();
      process.nextTick(() => {
        this.isCorked = false;
        this.stream.uncork();
      });
    }
    this.stream.write(encodeFrame(message, payload));
  }
}

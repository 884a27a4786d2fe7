import { FileHandle, open } from 'node:fs/promises';
import { readFrame } from './frame.js';

/** Bytes read from the file at a time. */
const WINDOW_BYTES = 1024 * 1024;

/** Reads the frames of one segment in order, over damage and a torn end. */
export class SegmentReader {
  /** Everything before it has been read. */
  offset = 0;
  /** Bytes that were no frames. */
  damagedBytes = 0;

  private window = Buffer.alloc(0);
  /** Where in the file the window starts. */
  private windowStart = 0;

  private constructor(
    readonly number: number,
    private readonly handle: FileHandle,
  ) {}

  static async open(path: string, number: number): Promise<SegmentReader> {
    return new SegmentReader(number, await open(path, 'r'));
  }

  /** The next payload before `end` (the whole file unless given), or undefined when there is none left. */
  async next(end = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
    let wanted = WINDOW_BYTES;
    while (this.offset < end) {
      const frame = readFrame(this.window, this.offset - this.windowStart);
      if (frame.state === 'whole') {
        this.offset = this.windowStart + frame.end;
        return frame.payload;
      }
      const held = this.windowStart + this.window.length;
      if (frame.state === 'damaged') {
        // A mark may begin in the last three bytes.
        const next = this.windowStart + frame.end;
        this.skipTo(next < held ? next : Math.max(this.offset + 1, held - 3));
        continue;
      }
      wanted = Math.max(wanted, frame.needed);
      await this.fill(wanted, end);
      if (this.windowStart + this.window.length > held) continue;
      // Nothing more is to be had. A frame that claims to be longer than the file may be damage with frames behind it.
      const behind = this.frameBehind();
      this.skipTo(behind ?? held);
      if (behind === undefined) return undefined;
    }
    return undefined;
  }

  /** Reads again from a place it has been at before. */
  goBackTo(offset: number): void {
    this.offset = offset;
    this.windowStart = offset;
    this.window = Buffer.alloc(0);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** Reads anew from the offset on; the window never holds more than was asked for. */
  private async fill(wanted: number, end: number): Promise<void> {
    const length = Math.max(0, Math.min(wanted, end - this.offset));
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle.read(buffer, filled, length - filled, this.offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.window = buffer.subarray(0, filled);
    this.windowStart = this.offset;
  }

  private frameBehind(): number | undefined {
    for (let at = this.offset - this.windowStart + 1; at < this.window.length; ) {
      const frame = readFrame(this.window, at);
      if (frame.state === 'whole') return this.windowStart + at;
      at = frame.state === 'damaged' ? frame.end : at + 1;
    }
    return undefined;
  }

  private skipTo(offset: number): void {
    this.damagedBytes += offset - this.offset;
    this.offset = offset;
  }
}

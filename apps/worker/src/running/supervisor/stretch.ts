import { ByteRing } from './byte-ring.js';

/** Bytes of a stream as they are handed out. */
export interface Piece {
  /** Offset of its first byte in the stream. */
  readonly offset: number;
  /** Epoch milliseconds at which its first byte was read. */
  readonly at: number;
  readonly data: Buffer;
}

const LARGEST_PIECE_BYTES = 64 * 1024;
const MARK_EVERY_MS = 100;
const MAX_MARKS = 128;

/**
 * Part of a stream: its newest bytes up to a limit, with the times at which they came. Taken from the front, piece by
 * piece, while more may be pushed. Bytes are bytes: no line is looked for.
 */
export class Stretch {
  /** Bytes that were pushed out at the front because there was no room. */
  lost = 0;
  private readonly ring: ByteRing;
  /** When which byte came, sparsely; the first is at or before the first byte held. */
  private marks: { readonly offset: number; readonly at: number }[] = [];
  private end = 0;

  /** @param limit bytes held at most */
  constructor(limit: number) {
    this.ring = new ByteRing(limit);
  }

  /** Bytes held now. */
  get length(): number {
    return this.ring.length;
  }

  /** Epoch milliseconds of the first byte held; where there is none, of the last byte that was pushed. */
  get at(): number {
    return this.marks[0]?.at ?? 0;
  }

  /** @param offset of the first byte in the stream; a stretch has no gap */
  push(bytes: Buffer, offset: number, at: number): void {
    if (bytes.length === 0) return;
    const lengthBefore = this.ring.length;
    if (lengthBefore === 0) this.marks = [];
    this.ring.push(bytes);
    this.lost += lengthBefore + bytes.length - this.ring.length;
    this.end = offset + bytes.length;
    this.mark(offset, at);
  }

  /** The oldest bytes that came together; undefined when nothing is held. */
  take(): Piece | undefined {
    if (this.ring.length === 0) return undefined;
    const { begin, at } = this;
    const to = this.marks[1]?.offset ?? this.end;
    const data = this.ring.take(Math.min(to - begin, LARGEST_PIECE_BYTES));
    this.forgetMarks();
    return { offset: begin, at, data };
  }

  private get begin(): number {
    return this.end - this.ring.length;
  }

  private mark(offset: number, at: number): void {
    const last = this.marks.at(-1);
    if (!last || at - last.at >= MARK_EVERY_MS) this.marks.push({ offset, at });
    this.forgetMarks();
    // What is held for long keeps coarser marks.
    if (this.marks.length > MAX_MARKS) this.marks = this.marks.filter((_, index) => index % 2 === 0);
  }

  /** Forgets the marks of bytes that are held no longer. */
  private forgetMarks(): void {
    while ((this.marks[1]?.offset ?? this.end) <= this.begin && this.marks.length > 1) this.marks.shift();
  }
}

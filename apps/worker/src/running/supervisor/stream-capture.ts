import { TailRing } from './tail-ring.js';

/** A piece of one stream that is ready to be sent. */
export interface Captured {
  /** Offset of its first byte in the stream. */
  readonly offset: number;
  /** Epoch milliseconds at which its first byte was read. */
  readonly at: number;
  /** Bytes left out immediately before it. */
  readonly cutBefore: number;
  readonly data: Buffer;
}

/** Bytes of the ends that go into the run's record, per stream. */
export const RECORD_TAIL_BYTES = 4_096;
const LARGEST_PIECE_BYTES = 64 * 1024;
const MARK_EVERY_MS = 100;
const MAX_MARKS = 128;

/**
 * Keeps the head and the tail of a stream and counts what it leaves out, in bounded memory however much is pushed. The
 * head is handed out as it comes; the tail is known only at the end. Bytes are bytes: no line is looked for.
 */
export class StreamCapture {
  private readonly headLimit: number;
  private readonly tail: TailRing;
  private readonly recordTail = new TailRing(RECORD_TAIL_BYTES);
  private head: { readonly at: number; readonly offset: number; readonly pieces: Buffer[] } | undefined;
  private headBytes = 0;
  private headIsFull = false;
  /** When which byte of the tail came, sparsely. */
  private marks: { readonly offset: number; readonly at: number }[] = [];
  private total = 0;

  /** @param limit bytes kept: half from the head, half from the tail */
  constructor(limit: number) {
    this.headLimit = Math.ceil(limit / 2);
    this.tail = new TailRing(Math.floor(limit / 2));
  }

  /** Bytes the stream brought so far, kept or not. */
  get bytes(): number {
    return this.total;
  }

  /** Bytes of the head that wait to be taken. */
  get waiting(): number {
    return this.head ? this.headBytes - this.head.offset : 0;
  }

  /** Bytes that are in neither head nor tail. */
  get cutBytes(): number {
    return this.total - this.headBytes - this.tail.length;
  }

  /** The last bytes as text; what is not UTF-8 becomes U+FFFD. */
  get textTail(): string {
    return this.recordTail.bytes().toString('utf8');
  }

  /**
   * @param at epoch milliseconds
   * @param mayHandOut false ends the head early, when whoever takes it is too slow to take more
   */
  push(bytes: Buffer, at: number, mayHandOut = true): void {
    this.recordTail.push(bytes);
    if (!mayHandOut) this.headIsFull = true;
    const toHead = this.headIsFull ? 0 : Math.min(bytes.length, this.headLimit - this.headBytes);
    if (toHead > 0) {
      this.head ??= { at, offset: this.headBytes, pieces: [] };
      this.head.pieces.push(bytes.subarray(0, toHead));
      this.headBytes += toHead;
    }
    if (toHead < bytes.length) {
      this.headIsFull = true;
      this.mark(this.total + toHead, at);
      this.tail.push(bytes.subarray(toHead));
    }
    this.total += bytes.length;
  }

  /** What came of the head since the last call; undefined when nothing did. */
  takeHead(): Captured | undefined {
    const head = this.head;
    this.head = undefined;
    return head && { offset: head.offset, at: head.at, cutBefore: 0, data: Buffer.concat(head.pieces) };
  }

  /** The tail, once the stream has ended. Where nothing of it was kept, an empty piece marks the cut. */
  takeTail(): Captured[] {
    const bytes = this.tail.bytes();
    const begin = this.total - bytes.length;
    const cut = this.cutBytes;
    const cuts = this.marks.map((mark) => mark.offset).filter((offset) => offset > begin && offset < this.total);
    const pieces: Captured[] = [];
    let from = begin;
    for (const to of [...cuts, this.total]) {
      for (; from < to; from += LARGEST_PIECE_BYTES) {
        const data = bytes.subarray(from - begin, Math.min(to, from + LARGEST_PIECE_BYTES) - begin);
        pieces.push({ offset: from, at: this.timeOf(from), cutBefore: pieces.length === 0 ? cut : 0, data });
      }
      from = to;
    }
    if (pieces.length === 0 && cut > 0) {
      pieces.push({ offset: this.total, at: this.timeOf(this.total), cutBefore: cut, data: bytes });
    }
    return pieces;
  }

  private mark(offset: number, at: number): void {
    const last = this.marks.at(-1);
    if (last && at - last.at < MARK_EVERY_MS) return;
    this.marks.push({ offset, at });
    // A long stream keeps coarser marks; the newest matter most, and what was cut needs none.
    if (this.marks.length > MAX_MARKS) this.marks = this.marks.filter((_, index) => index % 2 === 1);
  }

  private timeOf(offset: number): number {
    return (this.marks.findLast((mark) => mark.offset <= offset) ?? this.marks[0])?.at ?? 0;
  }
}

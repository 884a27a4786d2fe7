import { ByteRing } from './byte-ring.js';
import { type Piece, Stretch } from './stretch.js';

/** A piece of one stream that is ready to be sent. */
export interface Captured extends Piece {
  /** Bytes left out immediately before it. */
  readonly cutBefore: number;
}

/** Bytes of the ends that go into the run's record, per stream. */
export const RECORD_TAIL_BYTES = 4_096;

/**
 * Keeps the head and the tail of a stream and counts what it leaves out, in bounded memory however much is pushed. The
 * head is handed out as it comes, and held while nobody takes it; the tail is known only at the end.
 */
export class StreamCapture {
  private readonly head: Stretch;
  private readonly tail: Stretch;
  private readonly recordTail = new ByteRing(RECORD_TAIL_BYTES);
  /** Bytes the head may still take in. */
  private headRoom: number;
  private total = 0;
  private hasEnded = false;
  private isCutTold = false;

  /** @param limit bytes kept: half from the head, half from the tail */
  constructor(limit: number) {
    this.headRoom = Math.ceil(limit / 2);
    this.head = new Stretch(this.headRoom);
    this.tail = new Stretch(Math.floor(limit / 2));
  }

  /** Bytes the stream brought so far, kept or not. */
  get bytes(): number {
    return this.total;
  }

  /** Bytes of the head that wait to be taken. */
  get waiting(): number {
    return this.head.length;
  }

  /** Bytes that are in neither head nor tail. */
  get cutBytes(): number {
    return this.tail.lost;
  }

  /** The last bytes as text; what is not UTF-8 becomes U+FFFD. */
  get textTail(): string {
    return this.recordTail.bytes().toString('utf8');
  }

  /** Epoch milliseconds of what `take` would give; undefined when it would give nothing. */
  get nextAt(): number | undefined {
    if (this.head.length > 0) return this.head.at;
    return this.hasEnded && (this.tail.length > 0 || this.untoldCut > 0) ? this.tail.at : undefined;
  }

  /** @param at epoch milliseconds */
  push(bytes: Buffer, at: number): void {
    const toHead = Math.min(bytes.length, this.headRoom);
    this.headRoom -= toHead;
    this.head.push(bytes.subarray(0, toHead), this.total, at);
    this.tail.push(bytes.subarray(toHead), this.total + toHead, at);
    this.recordTail.push(bytes);
    this.total += bytes.length;
  }

  /** Nothing more is pushed: the tail may be taken. */
  end(): void {
    this.hasEnded = true;
  }

  /**
   * The next piece of the head and, once the stream has ended, of the tail. Where nothing of the tail was kept, an empty
   * piece marks the cut. undefined when there is nothing, or nothing yet.
   */
  take(): Captured | undefined {
    const head = this.head.take();
    if (head) return { ...head, cutBefore: 0 };
    if (!this.hasEnded) return undefined;
    const cutBefore = this.untoldCut;
    const tail = this.tail.take();
    this.isCutTold = true;
    if (tail) return { ...tail, cutBefore };
    return cutBefore > 0 ? { offset: this.total, at: this.tail.at, cutBefore, data: Buffer.alloc(0) } : undefined;
  }

  private get untoldCut(): number {
    return this.isCutTold ? 0 : this.cutBytes;
  }
}

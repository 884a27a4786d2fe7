const FIRST_CAPACITY = 4_096;
const NOTHING = Buffer.alloc(0);

/** Keeps the last bytes that were pushed, in a buffer that grows up to its limit and never beyond, and goes when empty. */
export class ByteRing {
  private buffer = NOTHING;
  private start = 0;
  private used = 0;

  /** @param limit bytes kept at most; 0 keeps none */
  constructor(private readonly limit: number) {}

  /** Bytes held now. */
  get length(): number {
    return this.used;
  }

  push(bytes: Buffer): void {
    const kept = bytes.length > this.limit ? bytes.subarray(bytes.length - this.limit) : bytes;
    if (kept.length === 0) return;
    this.makeRoom(kept.length);
    const end = (this.start + this.used) % this.buffer.length;
    const first = Math.min(kept.length, this.buffer.length - end);
    kept.copy(this.buffer, end, 0, first);
    kept.copy(this.buffer, 0, first);
    const overwritten = Math.max(0, this.used + kept.length - this.buffer.length);
    this.start = (this.start + overwritten) % this.buffer.length;
    this.used += kept.length - overwritten;
  }

  /** A copy of what is held, oldest byte first. */
  bytes(): Buffer {
    return this.copy(this.used);
  }

  /** The oldest bytes, so many or as many as there are; they are held no longer. */
  take(count: number): Buffer {
    const taken = this.copy(Math.min(count, this.used));
    this.used -= taken.length;
    this.start = this.used === 0 ? 0 : (this.start + taken.length) % this.buffer.length;
    if (this.used === 0) this.buffer = NOTHING;
    return taken;
  }

  private makeRoom(more: number): void {
    const wanted = Math.min(this.limit, this.used + more);
    if (wanted <= this.buffer.length) return;
    let capacity = Math.max(FIRST_CAPACITY, this.buffer.length);
    while (capacity < wanted) capacity *= 2;
    const grown = Buffer.alloc(Math.min(capacity, this.limit));
    this.copyTo(grown, this.used);
    this.buffer = grown;
    this.start = 0;
  }

  private copy(count: number): Buffer {
    const copy = Buffer.allocUnsafe(count);
    this.copyTo(copy, count);
    return copy;
  }

  private copyTo(target: Buffer, count: number): void {
    const first = Math.min(count, this.buffer.length - this.start);
    this.buffer.copy(target, 0, this.start, this.start + first);
    this.buffer.copy(target, first, 0, count - first);
  }
}

import { compareKeys } from './key-order.js';

/** Chunks are split at this size: small enough that an insert moves little, large enough that there are few. */
const CHUNK_LIMIT = 512;

/** A set of keys in bytewise order: sorted chunks, so that an insert or delete costs a short move and never a sort. */
export class SortedKeys {
  private chunks: string[][] = [];

  /** Adds a key that is not there yet. */
  add(key: string): void {
    if (this.chunks.length === 0) {
      this.chunks.push([key]);
      return;
    }
    const at = this.chunkFor(key);
    const chunk = this.chunks[at]!;
    chunk.splice(lowerBound(chunk, key), 0, key);
    if (chunk.length > CHUNK_LIMIT) this.chunks.splice(at + 1, 0, chunk.splice(CHUNK_LIMIT / 2));
  }

  /** Takes out a key; one that is not there is no error. */
  remove(key: string): void {
    const at = this.chunkFor(key);
    const chunk = this.chunks[at];
    if (!chunk) return;
    const index = lowerBound(chunk, key);
    if (chunk[index] !== key) return;
    chunk.splice(index, 1);
    if (chunk.length === 0) this.chunks.splice(at, 1);
  }

  /** The keys from `start` on, ascending; `start` itself only when `inclusive`. Do not change the set meanwhile. */
  *from(start: string, inclusive: boolean): Generator<string> {
    let at = this.chunkFor(start);
    let index = lowerBound(this.chunks[at] ?? [], start);
    for (; at < this.chunks.length; at++, index = 0) {
      const chunk = this.chunks[at]!;
      for (; index < chunk.length; index++) {
        if (!inclusive && chunk[index] === start) continue;
        yield chunk[index]!;
      }
    }
  }

  /** Index of the last chunk whose first key is not after `key`; 0 when there is none. */
  private chunkFor(key: string): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (compareKeys(this.chunks[middle]![0]!, key) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(keys[middle]!, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

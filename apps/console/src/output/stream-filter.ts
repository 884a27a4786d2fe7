import type { Stream } from './line-assembler';
import type { LineStore } from './line-store';

/** Which lines are shown. */
export type Shown = 'both' | Stream;

export const SHOWN: readonly Shown[] = ['both', 'stdout', 'stderr'];

/** The rows that are shown, by place from 0: all of the store, or those of one stream and the marks. */
export class StreamFilter {
  private indexes: number[] = [];
  private seen = 0;
  private generation = -1;

  constructor(
    readonly store: LineStore,
    readonly shown: Shown,
  ) {}

  /** Takes in what has come since. Gives whether places no longer mean what they did. */
  update(): boolean {
    const isNew = this.generation !== this.store.generation;
    if (isNew) {
      this.generation = this.store.generation;
      this.indexes = [];
      this.seen = 0;
    }
    if (this.shown !== 'both') {
      for (; this.seen < this.store.size; this.seen += 1) {
        const stream = this.store.streamAt(this.seen);
        if (stream === undefined || stream === this.shown) this.indexes.push(this.seen);
      }
    }
    return isNew;
  }

  get size(): number {
    return this.shown === 'both' ? this.store.size : this.indexes.length;
  }

  /** Index in the store of what stands at a place. */
  indexAt(place: number): number {
    return this.shown === 'both' ? place : this.indexes[place]!;
  }

  /** The place of an index of the store, or of the first one shown after it. */
  placeOf(index: number): number {
    if (this.shown === 'both') return index;
    let low = 0;
    let high = this.indexes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.indexes[middle]! < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

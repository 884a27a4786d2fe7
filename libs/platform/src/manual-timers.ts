import { CancelTimer } from './clock.js';

/** A timer waiting for its instant. */
export interface ManualTimer {
  /** Milliseconds on the monotonic clock. */
  readonly at: number;
  readonly callback: () => void;
}

/** Timers in the order of their instants, those of one instant in the order they were added: a binary heap. */
export class ManualTimers {
  private heap: HeapTimer[] = [];
  private cancelled = 0;
  private sequence = 0;

  get size(): number {
    return this.heap.length - this.cancelled;
  }

  /** Instant of the first timer; undefined when there is none. */
  get nextAt(): number | undefined {
    this.dropCancelledHead();
    return this.heap[0]?.at;
  }

  add(at: number, callback: () => void): CancelTimer {
    const timer: HeapTimer = { at, callback, sequence: this.sequence++, state: 'waiting' };
    this.heap.push(timer);
    siftUp(this.heap, this.heap.length - 1);
    return () => this.cancel(timer);
  }

  /** Takes out the first timer if its instant is not after `end`; undefined when none is due. */
  takeDue(end: number): ManualTimer | undefined {
    this.dropCancelledHead();
    const first = this.heap[0];
    if (!first || first.at > end) return undefined;
    this.removeHead();
    first.state = 'gone';
    return first;
  }

  private cancel(timer: HeapTimer): void {
    if (timer.state !== 'waiting') return;
    timer.state = 'cancelled';
    this.cancelled++;
    // Deadlines are nearly always cancelled: without this they would fill the heap until their instant.
    if (this.cancelled > 64 && this.cancelled > this.heap.length / 2) this.rebuild();
  }

  private rebuild(): void {
    this.heap = this.heap.filter((timer) => timer.state === 'waiting').sort((a, b) => (isBefore(a, b) ? -1 : 1));
    this.cancelled = 0;
  }

  private dropCancelledHead(): void {
    while (this.heap[0]?.state === 'cancelled') {
      this.removeHead();
      this.cancelled--;
    }
  }

  private removeHead(): void {
    const last = this.heap.pop()!;
    if (this.heap.length === 0) return;
    this.heap[0] = last;
    siftDown(this.heap, 0);
  }
}

interface HeapTimer extends ManualTimer {
  readonly sequence: number;
  state: 'waiting' | 'cancelled' | 'gone';
}

function isBefore(a: HeapTimer, b: HeapTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

function siftUp(heap: HeapTimer[], start: number): void {
  let index = start;
  const timer = heap[index]!;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!isBefore(timer, heap[parent]!)) break;
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = timer;
}

function siftDown(heap: HeapTimer[], start: number): void {
  let index = start;
  const timer = heap[index]!;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, timer)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = timer;
}

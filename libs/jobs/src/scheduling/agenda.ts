/** Something that is due once. `at` and `index` belong to the agenda while it is in there. */
export interface Appointment {
  /** Epoch milliseconds. */
  dueAt: number;
  /** Place in the heap; -1 while not in it. */
  agendaIndex: number;
  /** Of those due at the same instant the one with the lower number comes first. */
  readonly turn: number;
}

/** What is due when, nearest first, then by its turn: a binary heap that knows where each appointment stands. */
export class Agenda<T extends Appointment> {
  private readonly heap: T[] = [];

  get size(): number {
    return this.heap.length;
  }

  /** When the nearest one is due; undefined when empty. */
  get nextAt(): number | undefined {
    return this.heap[0]?.dueAt;
  }

  /** Puts it in, or moves it, to be due at this instant. */
  set(item: T, dueAt: number): void {
    item.dueAt = dueAt;
    if (item.agendaIndex < 0) {
      item.agendaIndex = this.heap.length;
      this.heap.push(item);
    }
    this.up(item.agendaIndex);
    this.down(item.agendaIndex);
  }

  /** Takes it out; does nothing when it is not in there. */
  remove(item: T): void {
    const { agendaIndex } = item;
    if (agendaIndex < 0) return;
    item.agendaIndex = -1;
    const last = this.heap.pop() as T;
    if (last === item) return;
    this.heap[agendaIndex] = last;
    last.agendaIndex = agendaIndex;
    this.up(last.agendaIndex);
    this.down(last.agendaIndex);
  }

  /** Takes out and gives the nearest one that is due by now; undefined when none is. */
  take(now: number): T | undefined {
    const first = this.heap[0];
    if (first === undefined || first.dueAt > now) return undefined;
    this.remove(first);
    return first;
  }

  private up(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.isBefore(index, parent)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  private down(start: number): void {
    let index = start;
    for (;;) {
      let least = index * 2 + 1;
      if (least >= this.heap.length) return;
      if (least + 1 < this.heap.length && this.isBefore(least + 1, least)) least++;
      if (!this.isBefore(least, index)) return;
      this.swap(index, least);
      index = least;
    }
  }

  private isBefore(index: number, other: number): boolean {
    const a = this.heap[index] as T;
    const b = this.heap[other] as T;
    return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.turn < b.turn);
  }

  private swap(a: number, b: number): void {
    const first = this.heap[a] as T;
    const second = this.heap[b] as T;
    this.heap[a] = second;
    this.heap[b] = first;
    second.agendaIndex = a;
    first.agendaIndex = b;
  }
}

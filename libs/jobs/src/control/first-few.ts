/**
 * The first few of many by an order, ascending: what sorting all of them and taking the beginning would give, without
 * sorting. Of equals the one added earlier comes first. `most`: at least 1.
 */
export class FirstFew<T> {
  private readonly kept: T[] = [];

  constructor(
    private readonly most: number,
    private readonly order: (a: T, b: T) => number,
  ) {}

  add(item: T): void {
    const { kept, most, order } = this;
    if (kept.length === most && order(item, kept[most - 1] as T) >= 0) return;
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order(item, kept[middle] as T) < 0) high = middle;
      else low = middle + 1;
    }
    kept.splice(low, 0, item);
    if (kept.length > most) kept.pop();
  }

  get items(): readonly T[] {
    return this.kept;
  }
}

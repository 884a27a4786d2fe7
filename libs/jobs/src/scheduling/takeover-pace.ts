const FEWEST_AT_ONCE = 8;
const MOST_AT_ONCE = 32;

/**
 * Lets few fires of others be taken over at once, one more with each that went well, half as many where another was first
 * after all. So those of a dead worker are all taken over in a moment; of one that is only busy few are claimed by both.
 */
export class TakeoverPace {
  private atOnce = FEWEST_AT_ONCE;
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];

  /** Whether one that comes now need not wait. */
  get hasRoom(): boolean {
    return this.underWay < this.atOnce;
  }

  /**
   * Runs it when its turn comes, and says whether it had to wait for that: what it knew is old then. `takeOver` tells
   * whether another was first; undefined: nothing was decided.
   */
  async run(takeOver: (hasWaited: boolean) => Promise<boolean | undefined>): Promise<void> {
    const hasWaited = !this.hasRoom;
    if (hasWaited) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.underWay++;
    try {
      this.learn(await takeOver(hasWaited));
    } finally {
      this.underWay--;
      this.beginNext();
    }
  }

  private learn(wasBeaten: boolean | undefined): void {
    if (wasBeaten === undefined) return;
    this.atOnce = wasBeaten ? Math.max(FEWEST_AT_ONCE, this.atOnce >> 1) : Math.min(MOST_AT_ONCE, this.atOnce + 1);
  }

  private beginNext(): void {
    for (const begin of this.waiting.splice(0, Math.max(0, this.atOnce - this.underWay))) {
      this.underWay++;
      begin();
    }
  }
}

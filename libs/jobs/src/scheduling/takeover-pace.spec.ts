import { beforeEach, describe, expect, it } from 'vitest';
import { TakeoverPace } from './takeover-pace.js';

describe('the pace at which fires of others are taken over', () => {
  let pace: TakeoverPace;
  /** Ends one that is under way, in the order in which they began. */
  let underWay: ((wasBeaten: boolean | undefined) => void)[];

  beforeEach(() => {
    pace = new TakeoverPace();
    underWay = [];
  });

  const takeOver = (count: number): void => {
    for (let begun = 0; begun < count; begun++) {
      void pace.run(() => new Promise((resolve) => underWay.push(resolve)));
    }
  };
  const end = async (count: number, wasBeaten: boolean | undefined): Promise<void> => {
    for (const finish of underWay.splice(0, count)) finish(wasBeaten);
    await new Promise(setImmediate);
  };

  it('begins with eight, and doubles with each round in which none was beaten, up to thirty-two', async () => {
    takeOver(100);
    const rounds = [underWay.length];
    for (let round = 0; round < 3; round++) {
      await end(underWay.length, false);
      rounds.push(underWay.length);
    }
    expect(rounds).toEqual([8, 16, 32, 32]);
  });

  it('halves with each that was beaten, down to eight', async () => {
    takeOver(200);
    for (let round = 0; round < 2; round++) await end(underWay.length, false);
    expect(underWay).toHaveLength(32);
    await end(1, true);
    expect(underWay).toHaveLength(31);
    await end(20, undefined);
    expect(underWay).toHaveLength(16);
    await end(16, true);
    expect(underWay).toHaveLength(8);
  });

  it('learns nothing of those that were decided already', async () => {
    takeOver(100);
    for (let round = 0; round < 3; round++) await end(underWay.length, undefined);
    expect(underWay).toHaveLength(8);
  });

  it('tells those that had to wait', async () => {
    const waited: boolean[] = [];
    for (let begun = 0; begun < 10; begun++) {
      void pace.run((hasWaited) => {
        waited.push(hasWaited);
        return new Promise((resolve) => underWay.push(resolve));
      });
    }
    expect([waited, pace.hasRoom]).toEqual([Array(8).fill(false), false]);
    await end(8, undefined);
    expect([waited.slice(8), pace.hasRoom]).toEqual([[true, true], true]);
  });

  it('goes on after one that failed', async () => {
    const failed = pace.run(() => Promise.reject(new Error('no')));
    await expect(failed).rejects.toThrow('no');
    takeOver(9);
    expect(underWay).toHaveLength(8);
    await end(8, undefined);
    expect(underWay).toHaveLength(1);
  });
});

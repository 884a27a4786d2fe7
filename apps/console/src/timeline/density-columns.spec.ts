import { describe, expect, it } from 'vitest';
import { densityColumns } from './density-columns';

const axis = { span: { from: 0, to: 600 }, width: 600, height: 32, crowds: [], now: 0 };
const density = (...counts: number[]) => ({ from: 0, stepMs: 100, counts });

describe('the columns of crowding', () => {
  it('stand at their steps, as high as their fires compare, with none for an empty step', () => {
    expect(densityColumns(density(4, 0, 16), axis)).toEqual([
      { x: 0, width: 99, height: 16, isCrowded: false },
      { x: 200, width: 99, height: 32, isCrowded: false },
    ]);
  });

  it('begin at the present: the step that holds it is cut there, what is over is not drawn', () => {
    const columns = densityColumns(density(4, 4, 4), { ...axis, now: 150 });
    expect(columns.map(({ x, width }) => [x, width])).toEqual([
      [150, 49],
      [200, 99],
    ]);
    expect(densityColumns(density(4, 4, 4), { ...axis, now: 300 })).toEqual([]);
  });

  it('that are crowded are seen, however narrow', () => {
    const crowds = [{ at: 100, untilAt: 200, count: 9 }];
    const [usual, crowded] = densityColumns(density(1, 9), { ...axis, width: 3, crowds });
    expect(usual).toMatchObject({ width: 0.8, isCrowded: false });
    expect(crowded).toMatchObject({ width: 2, isCrowded: true });
  });

  it('out of sight are left out', () => {
    expect(densityColumns(density(1, 1, 1, 1), { ...axis, span: { from: 250, to: 290 } })).toHaveLength(1);
  });
});

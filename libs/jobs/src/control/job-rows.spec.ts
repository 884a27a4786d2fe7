import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { definitionOf, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { JobRow, JobRows } from './job-rows.js';

describe('the rows of jobs', () => {
  let room: JobsFixture;
  let rows: JobRows;

  beforeEach(async () => {
    room = new JobsFixture();
    rows = new JobRows(room.registry);
    await room.start();
    for (const name of ['b', 'd', '日终对账']) await room.putJob({ name });
  });

  afterEach(() => room.close());

  const names = (): string[] => rows.all().map(({ name }) => name);

  it('stay in order as jobs come, change and go', async () => {
    expect(names()).toEqual(['b', 'd', '日终对账']);
    await room.putJob({ name: 'c' });
    await room.putJob({ name: 'a' });
    await room.delete(room.keys.job('d'));
    expect(names()).toEqual(['a', 'b', 'c', '日终对账']);
    const [, before] = rows.all();
    await room.putJob({ name: 'b', description: 'another' });
    expect(names()).toEqual(['a', 'b', 'c', '日终对账']);
    expect(rows.all()[1]).not.toBe(before);
    expect(rows.all()[1]?.text).toContain('another');
  });

  it('keep what they know of a job while others change', async () => {
    const [b] = rows.all();
    await room.putJob({ name: 'a' });
    expect(rows.all()[1]).toBe(b);
  });

  it('are in order also after very many came at once', async () => {
    expect(names()).toHaveLength(3);
    await Promise.all(Array.from({ length: 200 }, (_, index) => room.putJob({ name: `x${(index * 37) % 200}` })));
    expect(names()).toHaveLength(203);
    expect(names()).toEqual([...names()].sort());
  });

  it.each([
    ['b', 0],
    ['c', 1],
    ['d', 1],
    ['', 0],
    ['龘', 3],
  ])('finds the place of "%s": %i', (name, index) => {
    expect(rows.indexOf(name)).toBe(index);
  });

  it('know the next fire, also once it has passed or the clock went back', () => {
    const row = new JobRow(definitionOf({ name: 'tick', cronExpr: '30 * * * *' }));
    const half = START + 30 * 60_000;
    expect([START, half - 1, half, START].map((now) => row.nextFire(now))).toEqual([
      half,
      half,
      half + 3_600_000,
      half,
    ]);
    expect(new JobRow(definitionOf({ name: 'off', paused: true })).nextFire(START)).toBe(Infinity);
  });
});

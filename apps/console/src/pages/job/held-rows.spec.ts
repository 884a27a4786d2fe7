import { describe, expect, it } from 'vitest';
import { nextTick, shallowRef } from 'vue';
import { hold, type Reading, useHeldRows } from './held-rows';

interface Row {
  readonly id: string;
  readonly status: string;
}
const row = (id: string, status = 'running'): Row => ({ id, status });
const keyOf = ({ id }: Row) => id;

it('new facts come in the old places, and new rows wait', () => {
  expect(hold([row('b'), row('a')], [row('c'), row('b', 'failed')], keyOf)).toEqual({
    rows: [row('b', 'failed'), row('a')],
    waiting: [row('c')],
  });
});

describe('a list that does not move', () => {
  const start = () => {
    const reading = shallowRef<Reading<Row>>();
    return { reading, ...useHeldRows(reading, keyOf) };
  };

  it('shows a first reading at once, and lets new rows in when asked', async () => {
    const { reading, rows, waiting, letIn } = start();
    expect(rows.value).toBeUndefined();
    reading.value = { scope: 'all', rows: [row('a')] };
    await nextTick();
    expect(rows.value).toEqual([row('a')]);
    reading.value = { scope: 'all', rows: [row('b'), row('a', 'failed')] };
    await nextTick();
    expect(rows.value).toEqual([row('a', 'failed')]);
    expect(waiting.value).toEqual([row('b')]);
    letIn();
    expect(rows.value).toEqual([row('b'), row('a', 'failed')]);
    expect(waiting.value).toEqual([]);
  });

  it('is another list when the filters change, and needs no leave to fill up', async () => {
    const { reading, rows, waiting } = start();
    reading.value = { scope: 'all', rows: [] };
    await nextTick();
    reading.value = { scope: 'all', rows: [row('a')] };
    await nextTick();
    expect(rows.value).toEqual([row('a')]);
    reading.value = { scope: 'failed', rows: [row('x')] };
    await nextTick();
    expect([rows.value, waiting.value]).toEqual([[row('x')], []]);
  });

  it('is changed in place, and stays the same list where nothing changed', async () => {
    const { reading, rows, patch } = start();
    reading.value = { scope: 'all', rows: [row('a'), row('b')] };
    await nextTick();
    const before = rows.value;
    patch(() => undefined);
    expect(rows.value).toBe(before);
    patch((each) => (each.id === 'b' ? row('b', 'lost') : undefined));
    expect(rows.value).toEqual([row('a'), row('b', 'lost')]);
  });
});

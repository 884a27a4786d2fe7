import { describe, expect, it } from 'vitest';
import { nextTick, shallowRef } from 'vue';
import { hold, type Reading, useHeldRows } from './held-rows';

interface Row {
  readonly id: string;
  readonly status: string;
  readonly scheduledTime: string;
}
const row = (id: string, status = 'running'): Row => ({
  id,
  status,
  scheduledTime: `2026-11-21T0${id.charCodeAt(0) - 96}`,
});
const keyOf = ({ id }: Row) => id;

it('new facts come in the old places, and new rows wait', () => {
  expect(hold([row('b'), row('a')], [row('c'), row('b', 'failed')], keyOf)).toEqual({
    rows: [row('b', 'failed'), row('a')],
    waiting: [row('c')],
  });
});

it('nothing is new that only moved up from below, where something left the page', () => {
  expect(hold([row('c'), row('b')], [row('c'), row('a')], keyOf).waiting).toEqual([]);
  expect(hold([row('b')], [row('a')], keyOf).waiting).toEqual([]);
});

describe('a list that does not move', () => {
  const start = () => {
    const reading = shallowRef<Reading<Row> & { readonly nextCursor?: string }>();
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

  it('goes on to the next page from where its own rows end', async () => {
    const { reading, shown, letIn } = start();
    reading.value = { scope: 'all', rows: [row('a')], nextCursor: 'after a' };
    await nextTick();
    reading.value = { scope: 'all', rows: [row('b')], nextCursor: 'after b' };
    await nextTick();
    expect(shown.value?.nextCursor).toBe('after a');
    letIn();
    expect(shown.value?.nextCursor).toBe('after b');
  });

  it('is another list when the filters change, and needs no leave to fill up', async () => {
    const { reading, rows, waiting } = start();
    reading.value = { scope: 'all', rows: [] };
    await nextTick();
    reading.value = { scope: 'all', rows: [row('a')] };
    await nextTick();
    expect(rows.value).toEqual([row('a')]);
    reading.value = { scope: 'failed', rows: [row('e')] };
    await nextTick();
    expect([rows.value, waiting.value]).toEqual([[row('e')], []]);
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

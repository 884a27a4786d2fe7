import { expect, it } from 'vitest';
import { type ImportItem, previewOf } from './preview-rows';

const item = (line: number, outcome: ImportItem['outcome'], warnings?: string[]): ImportItem => ({
  line,
  outcome,
  ...(warnings && { warnings }),
});

it('counts every line, and shows all but blank ones', () => {
  const items = [item(1, 'comment'), item(2, 'blank'), item(3, 'created'), item(4, 'refused')];
  const { rows, hidden, counts } = previewOf({ items });
  expect(rows.map(({ line }) => line)).toEqual([1, 3, 4]);
  expect(hidden).toBe(0);
  expect(counts).toMatchObject({ created: 1, refused: 1, comment: 1, blank: 1, replaced: 0 });
});

it('shows what must be looked at first where there are too many, in the order of the file', () => {
  const items = Array.from({ length: 10 }, (_, n) => item(n + 1, 'created'));
  items[8] = item(9, 'refused');
  items[9] = item(10, 'created', ['its user is ignored']);
  const { rows, hidden } = previewOf({ items }, 4);
  expect(rows.map(({ line }) => line)).toEqual([1, 2, 9, 10]);
  expect(hidden).toBe(6);
});

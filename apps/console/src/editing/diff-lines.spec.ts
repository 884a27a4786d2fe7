import { describe, expect, it } from 'vitest';
import { type DiffLine, diffRows, folded } from './diff-lines';

const said = (line?: DiffLine) => line && `${line.number} ${line.pieces.map(({ text }) => text).join('')}`;
const table = (before: string, after: string) =>
  diffRows(before, after).map((row) => [row.kind, said(row.before), said(row.after)]);

describe('two texts side by side', () => {
  it('puts a changed line across its successor and marks the words', () => {
    const rows = diffRows('name: a\ncron: 0 1 * * *\n', 'name: a\ncron: 30 1 * * *\n');
    expect(table('name: a\ncron: 0 1 * * *\n', 'name: a\ncron: 30 1 * * *\n')).toEqual([
      ['same', '1 name: a', '1 name: a'],
      ['changed', '2 cron: 0 1 * * *', '2 cron: 30 1 * * *'],
    ]);
    expect(rows[1]?.before?.pieces.filter(({ isChanged }) => isChanged)).toEqual([{ text: '0', isChanged: true }]);
    expect(rows[1]?.after?.pieces.filter(({ isChanged }) => isChanged)).toEqual([{ text: '30', isChanged: true }]);
  });

  it('lets added and removed lines stand alone', () => {
    expect(table('a\nb\n', 'b\nc\n')).toEqual([
      ['changed', '1 a', undefined],
      ['same', '2 b', '1 b'],
      ['changed', undefined, '2 c'],
    ]);
  });

  it('takes nothing, and a missing last line end, for no difference', () => {
    expect(table('', 'a\n')).toEqual([['changed', undefined, '1 a']]);
    expect(table('a', 'a\n')).toEqual([['same', '1 a', '1 a']]);
    expect(diffRows('', '')).toEqual([]);
  });

  it('folds what is the same for long', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const changed = lines.with(10, 'other');
    const rows = folded(diffRows(lines.join('\n'), changed.join('\n')), 2);
    expect(rows.map((row) => (row.kind === 'fold' ? row.count : row.kind))).toEqual([
      8,
      ...['same', 'same', 'changed', 'same', 'same'],
      7,
    ]);
  });
});

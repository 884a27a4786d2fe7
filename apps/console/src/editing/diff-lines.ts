import { diffLines, diffWordsWithSpace } from 'diff';

/** A piece of a line; `isChanged` where it is what differs from the line across. */
export interface Piece {
  readonly text: string;
  readonly isChanged: boolean;
}

/** One side of a row. */
export interface DiffLine {
  /** Counted from 1. */
  readonly number: number;
  readonly pieces: readonly Piece[];
}

/** A row of two texts side by side: the same line twice, or a line that was removed, added, or changed into another. */
export interface DiffRow {
  readonly kind: 'same' | 'changed';
  readonly before?: DiffLine;
  readonly after?: DiffLine;
}

/** Where the two texts are the same for long, this stands for the lines left out. */
export interface DiffFold {
  readonly kind: 'fold';
  readonly count: number;
}

/** The rows of two texts, in order: lines that only one of them has stand alone or across their successors. */
export function diffRows(before: string, after: string): DiffRow[] {
  const rows: DiffRow[] = [];
  let removed: string[] = [];
  let [left, right] = [0, 0];
  const flush = (added: string[]): void => {
    for (let index = 0; index < Math.max(removed.length, added.length); index++) {
      rows.push(changedRow(removed[index], added[index], left + index + 1, right + index + 1));
    }
    left += removed.length;
    right += added.length;
    removed = [];
  };
  for (const part of diffLines(ended(before), ended(after))) {
    const lines = part.value.replace(/\n$/, '').split('\n');
    if (part.removed) {
      removed = lines;
    } else if (part.added) {
      flush(lines);
    } else {
      flush([]);
      for (const text of lines) {
        const pieces = [{ text, isChanged: false }];
        rows.push({ kind: 'same', before: { number: ++left, pieces }, after: { number: ++right, pieces } });
      }
    }
  }
  flush([]);
  return rows;
}

/** The rows with long stretches of sameness folded: `around` lines stay beside each change. */
export function folded(rows: readonly DiffRow[], around = 3): (DiffRow | DiffFold)[] {
  const isNear = rows.map(() => false);
  rows.forEach(({ kind }, index) => {
    if (kind === 'same') return;
    isNear.fill(true, Math.max(0, index - around), index + around + 1);
  });
  const shown: (DiffRow | DiffFold)[] = [];
  for (let index = 0; index < rows.length; index++) {
    let end = index;
    while (end < rows.length && !isNear[end]) end++;
    // A fold takes a line itself: hiding one or two would save nothing.
    if (end - index > 2) {
      shown.push({ kind: 'fold', count: end - index });
      index = end - 1;
    } else {
      shown.push(rows[index]!);
    }
  }
  return shown;
}

function changedRow(before: string | undefined, after: string | undefined, left: number, right: number): DiffRow {
  if (before === undefined || after === undefined) {
    return {
      kind: 'changed',
      ...(before !== undefined && { before: { number: left, pieces: [{ text: before, isChanged: false }] } }),
      ...(after !== undefined && { after: { number: right, pieces: [{ text: after, isChanged: false }] } }),
    };
  }
  const words = diffWordsWithSpace(before, after);
  const side = (skipped: 'added' | 'removed'): Piece[] =>
    words
      .filter((word) => !word[skipped])
      .map(({ value, added, removed }) => ({ text: value, isChanged: added || removed }));
  return {
    kind: 'changed',
    before: { number: left, pieces: side('added') },
    after: { number: right, pieces: side('removed') },
  };
}

/** Every line ended, so that a last line without an end is no other line. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

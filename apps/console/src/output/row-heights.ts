const BLOCK = 256;

/**
 * How high rows are, in lines of text, and where each begins. Without wrapping every row is one high and nothing is
 * stored. With it, sums per block of rows keep every question cheap for a million of them.
 */
export class RowHeights {
  private heights = new Uint16Array(0);
  private sums: number[] = [];
  private count = 0;
  private all = 0;

  /** `heightOf`: undefined where every row is one line high. */
  constructor(private readonly heightOf?: (index: number) => number) {}

  /** Lines of text in all. */
  get total(): number {
    return this.heightOf ? this.all : this.count;
  }

  /** Takes in rows up to a count. Rows that were there keep their height. */
  grow(count: number): void {
    if (this.heightOf) {
      for (let index = this.count; index < count; index += 1) this.set(index, this.heightOf(index));
    }
    this.count = Math.max(this.count, count);
  }

  /** Corrects one row, where what was guessed is seen to be different. Gives the difference. */
  set(index: number, height: number): number {
    if (!this.heightOf) return 0;
    if (index >= this.heights.length) {
      const grown = new Uint16Array(Math.max(1024, this.heights.length * 2, index + 1));
      grown.set(this.heights);
      this.heights = grown;
    }
    const change = height - this.heights[index]!;
    const block = Math.floor(index / BLOCK);
    this.heights[index] = height;
    this.sums[block] = (this.sums[block] ?? 0) + change;
    this.all += change;
    return change;
  }

  heightAt(index: number): number {
    return this.heightOf ? this.heights[index]! : 1;
  }

  /** Lines of text above a row. */
  topOf(index: number): number {
    if (!this.heightOf) return index;
    const block = Math.floor(index / BLOCK);
    let top = 0;
    for (let each = 0; each < block; each += 1) top += this.sums[each] ?? 0;
    for (let each = block * BLOCK; each < index; each += 1) top += this.heights[each]!;
    return top;
  }

  /** The row that covers a line of text; the last one beyond the end. */
  rowAt(top: number): number {
    const last = Math.max(0, this.count - 1);
    if (!this.heightOf) return Math.min(last, Math.max(0, Math.floor(top)));
    let block = 0;
    let above = 0;
    while (block < this.sums.length - 1 && above + this.sums[block]! <= top) {
      above += this.sums[block]!;
      block += 1;
    }
    let row = block * BLOCK;
    while (row < last && above + this.heights[row]! <= top) {
      above += this.heights[row]!;
      row += 1;
    }
    return row;
  }
}

/** Cells of a terminal that text without colours takes: wide characters take two, a tab goes to the next eighth. */
export function cellsOf(text: string): number {
  if (PLAIN_ASCII.test(text)) return text.length;
  let cells = 0;
  for (const character of text) {
    cells += character === '\t' ? 8 - (cells % 8) : WIDE.test(character) ? 2 : 1;
  }
  return cells;
}

const PLAIN_ASCII = /^[\x20-\x7e]*$/;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

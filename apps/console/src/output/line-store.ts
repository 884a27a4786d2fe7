import type { Line, LineSink, Stream } from './line-assembler';
import { PLAIN, type TextStyle } from './sgr';

/** What stands in one row of the viewer. */
export type Row =
  | (Line & { readonly kind: 'line'; readonly id: number; readonly number: number })
  /** Bytes of the run that were not kept. */
  | { readonly kind: 'cut'; readonly id: number; readonly bytes: number }
  /** Lines this page has let go of, from one number to another, both inclusive. */
  | { readonly kind: 'gap'; readonly id: number; readonly from: number; readonly to: number };

/** Characters kept in the page unless told otherwise. */
const TEXT_BUDGET = 20_000_000;
const BLOCK = 512;
const CUT = 2;
const STREAMS: readonly Stream[] = ['stdout', 'stderr'];

/** Rows side by side, a column per fact: a million of them as objects would be ten times the size. */
interface Block {
  readonly texts: string[];
  readonly at: Float64Array;
  readonly kind: Uint8Array;
  readonly number: Uint32Array;
  readonly styles: Map<number, TextStyle>;
  readonly hidden: Map<number, number>;
  chars: number;
}

/**
 * The lines of an output, by index from 0. Ids are given once and ascend; numbers count lines from 1. Beyond its budget
 * it lets go of whole blocks in the middle, so that head and tail stay; what has gone is one `gap` row.
 */
export class LineStore implements LineSink {
  private readonly blocks: Block[] = [];
  private headBlocks = Number.POSITIVE_INFINITY;
  private dropped = 0;
  private gap: { from: number; to: number } | undefined;
  private rows = 0;
  private chars = 0;
  private numbered = 0;
  /** Rises whenever indexes no longer mean what they did. */
  generation = 0;

  constructor(private readonly budget = TEXT_BUDGET) {}

  /** Rows there are; with a gap it counts as one. */
  get size(): number {
    return this.rows - this.dropped + (this.gap ? 1 : 0);
  }

  /** Lines there are, kept here or not. */
  get lineCount(): number {
    return this.numbered;
  }

  get isCut(): boolean {
    return this.gap !== undefined;
  }

  begin(line: Line): number {
    this.numbered += 1;
    return this.push(STREAMS.indexOf(line.stream), this.numbered, line);
  }

  change(id: number, line: Line): void {
    const at = this.place(id);
    if (at) {
      const [block, index] = at;
      this.count(block, line.text.length - block.texts[index]!.length);
      this.write(block, index, line);
    }
  }

  cut(bytes: number, at: number): void {
    this.push(CUT, this.numbered, { stream: 'stdout', at, text: String(bytes), style: PLAIN, hidden: 0 });
  }

  /** The row at an index below `size`. */
  at(index: number): Row {
    const id = this.idAt(index);
    const found = this.place(id);
    if (!found) {
      return { kind: 'gap', id, from: this.gap!.from, to: this.gap!.to };
    }
    const [block, place] = found;
    const text = block.texts[place]!;
    if (block.kind[place] === CUT) {
      return { kind: 'cut', id, bytes: Number(text) };
    }
    return {
      kind: 'line',
      id,
      number: block.number[place]!,
      stream: STREAMS[block.kind[place]!]!,
      at: block.at[place]!,
      text,
      style: block.styles.get(place) ?? PLAIN,
      hidden: block.hidden.get(place) ?? 0,
    };
  }

  /** The text at an index, and of which stream, without making a row; undefined where there is no line. */
  textAt(index: number): string | undefined {
    const found = this.place(this.idAt(index));
    return found && found[0].kind[found[1]] !== CUT ? found[0].texts[found[1]] : undefined;
  }

  streamAt(index: number): Stream | undefined {
    const found = this.place(this.idAt(index));
    return found && STREAMS[found[0].kind[found[1]]!];
  }

  idAt(index: number): number {
    return index <= this.headRows || !this.gap ? index : index - 1 + this.dropped;
  }

  /** Where a row stands now; that of the gap where it has gone. */
  indexOf(id: number): number {
    if (!this.gap || id < this.headRows) return id;
    return Math.max(this.headRows, id - this.dropped + 1);
  }

  /** The index of a line by its number; undefined where there is no such line (yet), or it has gone. */
  indexOfNumber(number: number): number | undefined {
    if (number < 1 || number > this.numbered) return undefined;
    let low = 0;
    let high = this.size - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.firstNumberAt(middle) <= number) low = middle;
      else high = middle - 1;
    }
    // Marks carry the number of the line before them.
    while (low > 0 && this.textAt(low) === undefined) low -= 1;
    const row = this.at(low);
    return row.kind === 'line' && row.number === number ? low : undefined;
  }

  private get headRows(): number {
    return this.gap ? this.headBlocks * BLOCK : this.rows;
  }

  private firstNumberAt(index: number): number {
    const found = this.place(this.idAt(index));
    return found ? found[0].number[found[1]]! : this.gap!.from;
  }

  private push(kind: number, number: number, line: Line): number {
    const id = this.rows;
    const index = id % BLOCK;
    if (index === 0) this.blocks.push(newBlock());
    const block = this.blocks.at(-1)!;
    this.rows += 1;
    block.kind[index] = kind;
    block.number[index] = number;
    block.at[index] = line.at;
    this.write(block, index, line);
    this.count(block, line.text.length);
    if (this.chars > this.budget) this.letGo();
    return id;
  }

  private write(block: Block, index: number, line: Line): void {
    block.texts[index] = line.text;
    if (line.style === PLAIN) block.styles.delete(index);
    else block.styles.set(index, line.style);
    if (line.hidden === 0) block.hidden.delete(index);
    else block.hidden.set(index, line.hidden);
  }

  private count(block: Block, chars: number): void {
    block.chars += chars;
    this.chars += chars;
  }

  private place(id: number): readonly [Block, number] | undefined {
    const block = Math.floor(id / BLOCK);
    if (!this.gap || block < this.headBlocks) return [this.blocks[block]!, id % BLOCK];
    const later = block - this.dropped / BLOCK;
    return later < this.headBlocks ? undefined : [this.blocks[later]!, id % BLOCK];
  }

  /** Lets the oldest block behind the head go, until it fits; never the last one. */
  private letGo(): void {
    if (!this.gap) this.headBlocks = this.blocksOfHead();
    while (this.chars > this.budget && this.blocks.length > this.headBlocks + 1) {
      const [block] = this.blocks.splice(this.headBlocks, 1);
      const from = this.gap?.from ?? block!.number[0]!;
      this.gap = { from, to: block!.number[BLOCK - 1]! };
      this.dropped += BLOCK;
      this.chars -= block!.chars;
      this.generation += 1;
    }
  }

  private blocksOfHead(): number {
    let chars = 0;
    const count = this.blocks.findIndex((block) => {
      chars += block.chars;
      return chars > this.budget / 2;
    });
    return Math.max(1, count);
  }
}

function newBlock(): Block {
  return {
    texts: [],
    at: new Float64Array(BLOCK),
    kind: new Uint8Array(BLOCK),
    number: new Uint32Array(BLOCK),
    styles: new Map(),
    hidden: new Map(),
    chars: 0,
  };
}

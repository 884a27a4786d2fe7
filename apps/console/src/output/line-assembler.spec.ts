import type { OutputPiece } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { type Line, LineAssembler, LONGEST_LINE, type Stream } from './line-assembler';

const AT = '2026-11-21T01:00:00.000Z';

class Sink {
  readonly lines: (Line | { cut: number })[] = [];
  begin(line: Line): number {
    return this.lines.push(line) - 1;
  }
  change(id: number, line: Line): void {
    this.lines[id] = line;
  }
  cut(bytes: number): void {
    this.lines.push({ cut: bytes });
  }
}

type Written = string | readonly [Stream, string] | readonly [Stream, string, number];

/** What stands after pieces: text as it is, or with its stream, or with bytes cut before it. */
function assembled(...pieces: readonly Written[]) {
  const sink = new Sink();
  const assembler = new LineAssembler(sink);
  pieces.forEach((piece, seq) => {
    const [stream, text, cutBefore = 0] = typeof piece === 'string' ? (['stdout', piece] as const) : piece;
    assembler.add({ seq, stream, at: AT, offset: 0, cutBefore, text } satisfies OutputPiece);
  });
  return sink.lines;
}

const texts = (...pieces: readonly Written[]) =>
  assembled(...pieces).map((line) => ('cut' in line ? `cut ${line.cut}` : line.text));

describe('lines of pieces', () => {
  it.each<[string, Written[], string[]]>([
    ['nothing', [], []],
    ['whole lines', ['a\nb\n'], ['a', 'b']],
    ['a last line without its end', ['a\nb'], ['a', 'b']],
    ['empty lines', ['\n\nx\n\n'], ['', '', 'x', '']],
    ['a line over three pieces', ['be', 'gin', 'ning\n'], ['beginning']],
    ['a line break alone in a piece', ['a', '\n', 'b'], ['a', 'b']],
    ['lines that end as on Windows', ['a\r\nb\r\n'], ['a', 'b']],
    ['such an end over two pieces', ['a\r', '\nb'], ['a', 'b']],
    ['several returns before the end', ['a\r\r\n'], ['a']],
    ['a progress bar: the last writing wins', ['10%\r20%\r30%\n'], ['30%']],
    ['that returns before each state', ['\r10%\r20%', '\r30%\n'], ['30%']],
    ['over pieces, with the return first', ['10%', '\r20%', '\r30%\n'], ['30%']],
    ['over pieces, with the return last', ['10%\r', '20%\r', '30%\r', '\n'], ['30%']],
    ['and stays while nothing overwrites it', ['10%\r'], ['10%']],
    ['and may become empty', ['10%\r', '\x1b[2K\r', 'done\n'], ['done']],
    ['a sequence over two pieces', ['\x1b[3', '1mred\x1b[0m\n'], ['\x1b[31mred\x1b[0m']],
    ['a character over two pieces', ['任', '务\n'], ['任务']],
  ])('%s', (_name, pieces, expected) => {
    expect(texts(...pieces)).toEqual(expected);
  });

  it('never joins halves of lines of the two streams, and lets each stand where it began', () => {
    const lines = assembled('half', ['stderr', 'ERR\n'], ' and half\n', ['stderr', 'more']) as Line[];
    expect(lines.map(({ stream, text }) => [stream, text])).toEqual([
      ['stdout', 'half and half'],
      ['stderr', 'ERR'],
      ['stderr', 'more'],
    ]);
  });

  it('marks what was not kept, and begins a line after it', () => {
    expect(texts('head\nhalf', ['stdout', 'tail\n', 8_200_000])).toEqual(['head', 'half', 'cut 8200000', 'tail']);
  });

  it('carries colours over lines, of each stream its own, and not over a cut', () => {
    const lines = assembled('\x1b[31mred\nstill', ['stderr', 'plain\n'], '\x1b[0m\nplain\n\x1b[32m', [
      'stdout',
      'after\n',
      10,
    ]);
    expect(lines.map((line) => ('cut' in line ? 'cut' : line.style.fg))).toEqual([-1, 1, -1, -1, -1, 'cut', -1]);
  });

  it('keeps the colours that an overwritten state has set', () => {
    const [line] = assembled('\x1b[32m10%\r20%\n') as Line[];
    expect(line).toMatchObject({ text: '20%', style: { fg: 2 } });
  });

  it('shows a megabyte without a line break by its beginning, and counts the rest', () => {
    const lines = assembled(...Array.from({ length: 16 }, () => 'x'.repeat(65_536)), 'y\nnext\n') as Line[];
    expect(lines.map(({ text, hidden }) => [text.length, hidden])).toEqual([
      [LONGEST_LINE, 16 * 65_536 + 1 - LONGEST_LINE],
      [4, 0],
    ]);
  });

  it('stays small under a progress bar of a million states', () => {
    const lines = assembled(...Array.from({ length: 100 }, () => '\r50% of everything'.repeat(2_000))) as Line[];
    expect(lines).toHaveLength(1);
    expect(lines[0]!.text).toBe('50% of everything');
  });
});

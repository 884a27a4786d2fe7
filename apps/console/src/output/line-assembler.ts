import type { OutputPiece } from '@fleetcron/sdk';
import { cleanText } from './clean-text';
import { PLAIN, styleAfter, type TextStyle } from './sgr';

export type Stream = OutputPiece['stream'];

/** A line as it is shown. */
export interface Line {
  readonly stream: Stream;
  /** When its first piece was read, epoch milliseconds. */
  readonly at: number;
  /** Cleaned; colours are still in it. */
  readonly text: string;
  /** The style it begins with, left over from the lines before. */
  readonly style: TextStyle;
  /** Characters left out at its end: the line is too long to show. */
  readonly hidden: number;
}

/** Where lines go. */
export interface LineSink {
  /** A new line, at the place where it began. Returns what to call it by. */
  begin(line: Line): number;
  /** More of a line that has no end yet. */
  change(id: number, line: Line): void;
  /** Bytes of a stream that were not kept stand here. */
  cut(bytes: number, at: number): void;
}

/** Characters of one line that are kept; a megabyte without a line break is shown by its beginning. */
export const LONGEST_LINE = 8_000;

interface Open {
  id: number | undefined;
  at: number;
  raw: string;
  hidden: number;
  style: TextStyle;
  /** A carriage return came last: a line break after it ends the line, anything else overwrites it. */
  isReturned: boolean;
}

/**
 * Makes lines of pieces. Each stream has its own open line, so that half a line of one is never joined with the other;
 * a line stands where it began. A carriage return lets the last writing win, as a terminal would for a progress bar.
 * Memory is bounded by `LONGEST_LINE` per stream.
 */
export class LineAssembler {
  private readonly open: Record<Stream, Open> = { stdout: fresh(PLAIN), stderr: fresh(PLAIN) };

  constructor(private readonly sink: LineSink) {}

  /** The next piece; pieces come in the order of their `seq`. */
  add({ stream, at, cutBefore, text }: OutputPiece): void {
    const when = Date.parse(at);
    if (cutBefore > 0) {
      // What follows a cut is not the rest of the line before it, nor in its colours.
      this.open[stream] = fresh(PLAIN);
      this.sink.cut(cutBefore, when);
    }
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.write(stream, when, text.slice(from, end));
      this.end(stream, when);
      from = end + 1;
    }
    if (from < text.length) {
      this.write(stream, when, text.slice(from));
      this.show(stream);
    }
  }

  private write(stream: Stream, at: number, part: string): void {
    const open = this.open[stream];
    if (open.raw === '' && open.id === undefined) open.at = at;
    if (!open.isReturned && !part.includes('\r')) {
      append(open, part);
      return;
    }
    const ended = part.replace(/\r+$/, '');
    const last = ended.lastIndexOf('\r');
    if (last >= 0 || (open.isReturned && ended !== '')) {
      append(open, ended.slice(0, Math.max(0, last)));
      overwrite(open);
    }
    append(open, ended.slice(last + 1));
    open.isReturned = ended.length < part.length || (open.isReturned && ended === '');
  }

  private show(stream: Stream): void {
    const open = this.open[stream];
    const line = { stream, at: open.at, text: cleanText(open.raw), style: open.style, hidden: open.hidden };
    if (open.id === undefined) open.id = this.sink.begin(line);
    else this.sink.change(open.id, line);
  }

  private end(stream: Stream, at: number): void {
    const open = this.open[stream];
    if (open.raw === '' && open.id === undefined) open.at = at;
    this.show(stream);
    this.open[stream] = fresh(styleAfter(cleanText(open.raw), open.style));
  }
}

function fresh(style: TextStyle): Open {
  return { id: undefined, at: 0, raw: '', hidden: 0, style, isReturned: false };
}

function append(open: Open, part: string): void {
  const room = LONGEST_LINE - open.raw.length;
  open.raw += part.length > room ? part.slice(0, Math.max(0, room)) : part;
  open.hidden += Math.max(0, part.length - room);
}

/** Begins the line anew; its colours stay as they were left. */
function overwrite(open: Open): void {
  open.style = styleAfter(cleanText(open.raw), open.style);
  open.raw = '';
  open.hidden = 0;
  open.isReturned = false;
}

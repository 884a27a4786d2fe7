import { SGR } from './clean-text';

/**
 * How text is painted. A colour is -1 (none), 0 to 255 (a place in the terminal's palette) or `RGB | 0xRRGGBB`; nothing
 * else can come out of a job's output, so it is safe in a style.
 */
export interface TextStyle {
  readonly fg: number;
  readonly bg: number;
  /** The weights of `FLAGS`, added. */
  readonly flags: number;
}

export interface Span {
  readonly text: string;
  readonly style: TextStyle;
}

export const PLAIN: TextStyle = { fg: -1, bg: -1, flags: 0 };
/** Set in a colour that is red, green and blue rather than a place in the palette. */
export const RGB = 0x1000000;
export const FLAGS = { bold: 1, faint: 2, italic: 4, underline: 8, inverse: 16, strike: 32 } as const;

/** Cuts cleaned text into stretches of one style each; `start` is the style it begins with. */
export function spansOf(text: string, start: TextStyle = PLAIN): Span[] {
  if (!text.includes('\x1b')) {
    return text === '' ? [] : [{ text, style: start }];
  }
  const spans: Span[] = [];
  let style = start;
  let from = 0;
  for (const found of text.matchAll(SGR)) {
    if (found.index > from) spans.push({ text: text.slice(from, found.index), style });
    style = applied(style, found[1]!);
    from = found.index + found[0].length;
  }
  if (from < text.length) spans.push({ text: text.slice(from), style });
  return spans;
}

/** The style that holds after cleaned text. */
export function styleAfter(text: string, start: TextStyle): TextStyle {
  let style = start;
  if (text.includes('\x1b')) {
    for (const found of text.matchAll(SGR)) style = applied(style, found[1]!);
  }
  return style;
}

const ON: Readonly<Record<number, number>> = {
  1: FLAGS.bold,
  2: FLAGS.faint,
  3: FLAGS.italic,
  4: FLAGS.underline,
  7: FLAGS.inverse,
  9: FLAGS.strike,
};
const OFF: Readonly<Record<number, number>> = {
  22: FLAGS.bold | FLAGS.faint,
  23: FLAGS.italic,
  24: FLAGS.underline,
  27: FLAGS.inverse,
  29: FLAGS.strike,
};

/** One sequence: `1;31`, `38;5;208`, `38;2;20;200;120`, `38:2::20:200:120`, or nothing, which is a reset. */
function applied(style: TextStyle, params: string): TextStyle {
  let { fg, bg, flags } = style;
  const parts = params.split(';');
  for (let index = 0; index < parts.length; index += 1) {
    const [code = 0, ...sub] = parts[index]!.split(':').map(Number);
    if (code === 0) {
      ({ fg, bg, flags } = PLAIN);
    } else if (code === 4 && sub[0] === 0) {
      flags &= ~FLAGS.underline;
    } else if (code === 38 || code === 48) {
      const rest = sub.length > 0 ? sub : parts.slice(index + 1, index + 5).map(Number);
      const [color, used] = extended(rest, sub.length > 4);
      if (sub.length === 0) index += used;
      if (color !== undefined && code === 38) fg = color;
      if (color !== undefined && code === 48) bg = color;
    } else if (code >= 30 && code <= 37) fg = code - 30;
    else if (code >= 90 && code <= 97) fg = code - 82;
    else if (code >= 40 && code <= 47) bg = code - 40;
    else if (code >= 100 && code <= 107) bg = code - 92;
    else if (code === 39) fg = -1;
    else if (code === 49) bg = -1;
    else flags = (flags | (ON[code] ?? 0)) & ~(OFF[code] ?? 0);
  }
  return fg === -1 && bg === -1 && flags === 0 ? PLAIN : { fg, bg, flags };
}

/** `5;N` or `2;R;G;B`, and how many parameters it took. `hasSpace`: the form with colons names a colour space first. */
function extended(rest: readonly number[], hasSpace: boolean): readonly [number | undefined, number] {
  if (rest[0] === 5) {
    return [isByte(rest[1]) ? rest[1] : undefined, 2];
  }
  if (rest[0] === 2) {
    const [red, green, blue] = rest.slice(hasSpace ? 2 : 1);
    const isColor = isByte(red) && isByte(green) && isByte(blue);
    return [isColor ? RGB | (red << 16) | (green << 8) | blue : undefined, 4];
  }
  return [undefined, 0];
}

function isByte(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= 255;
}

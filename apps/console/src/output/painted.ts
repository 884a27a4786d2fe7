import { MARKS } from './clean-text';
import { legible, paletteColor } from './legible';
import { FLAGS, type Span, spansOf, type TextStyle } from './sgr';

/** A stretch of a line as it is drawn: text alone, never markup. */
export interface Painted {
  readonly text: string;
  readonly classes: readonly string[];
  /** Colours that are no palette names; made of numbers only. */
  readonly style?: Readonly<Record<string, string>>;
}

/** A stretch of a line's plain text that is marked: a match of the search. */
export interface Marked {
  readonly start: number;
  readonly end: number;
  readonly isCurrent: boolean;
}

/** Cuts a line into stretches to draw: by its colours, by the marks of unseen characters and by what was searched. */
export function paint(text: string, start: TextStyle, marked: readonly Marked[], isDark: boolean): Painted[] {
  const painted: Painted[] = [];
  let at = 0;
  for (const span of spansOf(text, start)) {
    const base = lookOf(span, isDark);
    for (const [part, kind] of partsOf(span.text, at, marked)) {
      painted.push({ ...base, text: part, classes: kind ? [...base.classes, kind] : base.classes });
    }
    at += span.text.length;
  }
  return painted;
}

function lookOf({ style }: Span, isDark: boolean): Omit<Painted, 'text'> {
  const isInverse = (style.flags & FLAGS.inverse) !== 0;
  const fg = isInverse ? style.bg : style.fg;
  const bg = isInverse ? style.fg : style.bg;
  const classes: string[] = [];
  const colors: Record<string, string> = {};
  for (const flag of ['bold', 'faint', 'italic', 'underline', 'strike'] as const) {
    if (style.flags & FLAGS[flag]) classes.push(`t-${flag}`);
  }
  if (isInverse && bg === -1) {
    classes.push('t-inverse');
  } else if (bg !== -1) {
    const ground = paletteColor(bg);
    colors['background-color'] = `rgb(${ground.join(' ')})`;
    colors['color'] = `rgb(${legible(fg === -1 ? undefined : paletteColor(fg), ground).join(' ')})`;
  } else if (fg >= 0 && fg < 16) {
    classes.push(`t-fg-${fg}`);
  } else if (fg !== -1) {
    colors['color'] = `rgb(${legible(paletteColor(fg), isDark ? [16, 24, 23] : [228, 236, 234]).join(' ')})`;
  }
  return Object.keys(colors).length > 0 ? { classes, style: colors } : { classes };
}

/** The stretches of a span's text, each with the class of what it is besides. */
function* partsOf(text: string, offset: number, marked: readonly Marked[]): Generator<[string, string | undefined]> {
  const cuts = new Set([0, text.length]);
  const unseen = [...text.matchAll(MARKS)].map(({ index, 0: mark }) => [index, index + mark.length] as const);
  const found = marked
    .map((each) => ({ ...each, start: each.start - offset, end: each.end - offset }))
    .filter((each) => each.end > 0 && each.start < text.length);
  for (const [start, end] of unseen) cuts.add(start).add(end);
  for (const { start, end } of found) cuts.add(Math.max(0, start)).add(Math.min(text.length, end));
  const places = [...cuts].sort((left, right) => left - right);
  for (let index = 0; index + 1 < places.length; index += 1) {
    const [from, to] = [places[index]!, places[index + 1]!];
    const match = found.find(({ start, end }) => start <= from && end >= to);
    const kind = match
      ? match.isCurrent
        ? 't-current'
        : 't-match'
      : unseen.some(([start, end]) => start <= from && end >= to)
        ? 't-mark'
        : undefined;
    yield [text.slice(from, to), kind];
  }
}

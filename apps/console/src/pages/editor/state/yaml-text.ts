import { isMap as isYamlMap, LineCounter, parseDocument } from 'yaml';
import type { Draft } from '@/editing/job-document';
import { isMap } from './paths';

/** A line of a text and what is wrong there; counted from 1. */
export interface LineFault {
  readonly line: number;
  readonly message: string;
}

/** What a text says: a document, and where its values stand; or why it says none. */
export type YamlReading =
  | { readonly ok: true; readonly document: Draft; readonly lineOf: (path: string) => number }
  | { readonly ok: false; readonly faults: readonly LineFault[] };

/** Reads YAML (or JSON, which is YAML) as a document. `notAMap` is said of a text that is something else. */
export function readYaml(text: string, notAMap: string): YamlReading {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (parsed.errors.length > 0) {
    const faults = parsed.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message }));
    return { ok: false, faults };
  }
  const value = readValue(() => parsed.toJS());
  if (value instanceof Error) return { ok: false, faults: [{ line: 1, message: value.message }] };
  if (value === null) return { ok: true, document: {}, lineOf: () => 1 };
  if (!isMap(value)) return { ok: false, faults: [{ line: 1, message: notAMap }] };
  return { ok: true, document: value, lineOf: (path) => lineOf(parsed.contents, path, lines) };
}

/** An alias without an anchor, or too many of them, is found only here. */
function readValue(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The line of the value a path such as `retry.onExitCodes[0]` or `labels.a.b` leads to, or of what is nearest to it. */
function lineOf(contents: unknown, path: string, lines: LineCounter): number {
  let node = contents;
  let rest = path.replace(/\[.*$/, '');
  let offset = 0;
  while (rest !== '' && isYamlMap(node)) {
    // A key may hold dots itself: the longest that fits is meant.
    const pair = node.items
      .filter(({ key }) => rest === String(key) || rest.startsWith(`${String(key)}.`))
      .sort((a, b) => String(b.key).length - String(a.key).length)[0];
    if (!pair) break;
    offset = (pair.key as { range?: [number, number, number] | null }).range?.[0] ?? offset;
    node = pair.value;
    rest = rest.slice(String(pair.key).length + 1);
  }
  return lines.linePos(offset).line;
}

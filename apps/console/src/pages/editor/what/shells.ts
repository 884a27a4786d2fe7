/** What no shell means. */
const STANDARD = '/bin/sh -c';

/** Shells that are offered, as one would type them; any other may be typed. */
export const SHELLS: readonly string[] = [STANDARD, '/bin/bash -c', '/bin/bash -euo pipefail -c'];

/** The argument vector as one line: words that hold spaces or quotes are quoted. */
export function shellText(vector: unknown): string {
  if (!Array.isArray(vector)) return STANDARD;
  return vector
    .map((word) => (/^[^\s'"]+$/.test(String(word)) ? String(word) : JSON.stringify(String(word))))
    .join(' ');
}

/** The argument vector of a line; undefined for the standard shell, or nothing. */
export function shellOf(text: string): string[] | undefined {
  const words = text.match(/"(?:[^"\\]|\\.)*"|[^\s"]+/g) ?? [];
  if (words.length === 0 || words.join(' ') === STANDARD) return undefined;
  return words.map((word) => (word.startsWith('"') ? unquoted(word) : word));
}

function unquoted(word: string): string {
  try {
    return String(JSON.parse(word));
  } catch {
    return word.slice(1, -1);
  }
}

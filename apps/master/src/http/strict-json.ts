import { MalformedRequest } from './http-errors.js';

/** Deepest nesting taken. */
export const JSON_MAX_DEPTH = 64;

/**
 * Parses JSON without its traps: a key given twice, a key `__proto__`, nesting deeper than 64 and half surrogates are
 * refused. Throws MalformedRequest, naming where.
 */
export function parseStrictJson(text: string): unknown {
  refuseTraps(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedRequest(`The body is not JSON: ${(error as Error).message}`);
  }
}

/**
 * One pass over the text, before the parser: it need not know the whole grammar, since what it does not understand the
 * parser refuses afterwards.
 */
function refuseTraps(text: string): void {
  /** Keys seen per open object; undefined for an open array. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined);
      if (open.length > JSON_MAX_DEPTH) {
        throw new MalformedRequest(`The body is nested deeper than ${JSON_MAX_DEPTH} levels.`);
      }
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === '"') {
      const end = endOfString(text, at);
      checkString(text, at, end, open.at(-1));
      at = end - 1;
    }
  }
}

/** Index after the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    at += text[at] === '\\' ? 2 : 1;
  }
  return Math.min(at + 1, text.length);
}

function checkString(text: string, start: number, end: number, keys: Set<string> | undefined): void {
  const isKey = keys !== undefined && text[endOfSpace(text, end)] === ':';
  const raw = text.slice(start, end);
  if (!isKey && !raw.includes('\\u')) {
    return;
  }
  const value = unquoted(raw);
  if (value === undefined) {
    return;
  }
  if (/\p{Surrogate}/u.test(value)) {
    throw new MalformedRequest('The body holds half of a surrogate pair, which is no character.');
  }
  if (isKey) {
    if (keys.has(value) || value === '__proto__') {
      throw new MalformedRequest(
        `The key ${JSON.stringify(value)} ${keys.has(value) ? 'stands twice' : 'is not taken'}.`,
      );
    }
    keys.add(value);
  }
}

function endOfSpace(text: string, start: number): number {
  let at = start;
  while (' \t\r\n'.includes(text[at] ?? 'x')) {
    at += 1;
  }
  return at;
}

function unquoted(raw: string): string | undefined {
  try {
    return JSON.parse(raw) as string;
  } catch {
    return undefined;
  }
}

import { parseJsonText } from '@app/jobs';
import { MalformedRequest } from './http-errors.js';

/**
 * Parses JSON without its traps: a key given twice, a key `__proto__`, deep nesting and a byte order mark are refused.
 * Throws MalformedRequest that says which.
 */
export function parseStrictJson(text: string): unknown {
  const parsed = parseJsonText(text);
  if (!parsed.ok) {
    throw new MalformedRequest(`The body ${parsed.reason}.`);
  }
  return parsed.value;
}

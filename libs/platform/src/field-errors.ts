import { z } from 'zod';
import { FieldError } from './errors.js';

/** Says why a key is not taken; `at` is the path of the object it stands in. */
export type UnknownKey = (key: string, at: readonly PropertyKey[]) => string;

/** What a schema found wrong, as sentences for people: one error per field, unknown keys by name. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[], unknownKey: UnknownKey): FieldError[] {
  const errors = issues.flatMap((issue) => {
    const path = pathText(issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ path, message: sentence(issue) }];
    return issue.keys.map((key) => ({
      path: path ? `${path}.${shown(key)}` : shown(key),
      message: unknownKey(key, issue.path),
    }));
  });
  // Of several about one field the last is the narrowest: "at most 100" after "at most 2^53 - 1".
  return [...new Map(errors.map((error) => [error.path, error])).values()];
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? shown(String(key)) : `${text}.${shown(String(key))}`;
  }, '');
}

/** A key somebody else chose, made harmless for a message. */
function shown(key: string): string {
  const inert = key.replace(/\p{C}/gu, '?');
  return inert.length > 60 ? `${inert.slice(0, 60)}...` : inert;
}

function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${typeName(issue.expected)}`;
    case 'too_small':
      return `must ${bound(issue.origin, 'at least', Number(issue.minimum))}`;
    case 'too_big':
      return `must ${bound(issue.origin, 'at most', Number(issue.maximum))}`;
    case 'invalid_value':
      return `must be ${orList(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be an address beginning with http:// or https://' : issue.message;
    case 'invalid_key':
      return `the key ${sentence(issue.issues[0]!)}`;
    default:
      return issue.message;
  }
}

function typeName(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
    record: 'an object',
  };
  return names[expected] ?? expected;
}

function bound(origin: string, side: string, limit: number): string {
  if (origin === 'string')
    return limit === 1 && side === 'at least' ? 'not be empty' : `have ${side} ${limit} characters`;
  if (origin === 'array') return `have ${side} ${limit} ${limit === 1 ? 'item' : 'items'}`;
  return `be ${side} ${limit}`;
}

function orList(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

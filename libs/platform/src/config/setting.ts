import { PASSWORD_MIN_LENGTH } from '../auth/passwords.js';
import { Secret } from './secret.js';

/** A parsed setting, or what was expected: "must be a whole number from 0 to 65535". */
export type ParsedSetting<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expected: string };

/** One setting: how its text is read, and what its absence means. */
export interface Setting<T> {
  readonly isSecret: boolean;
  parse(text: string): ParsedSetting<T>;
  absent(): ParsedSetting<T>;
}

/** A setting that may be left out: then it is `fallback`. */
export function optional<T, F>(setting: Setting<T>, fallback: F): Setting<T | F> {
  return { ...setting, absent: () => ({ ok: true, value: fallback }) };
}

/** Free text that fits a pattern; `expected` says which, as in "must be ...". */
export function textSetting(pattern: RegExp, expected: string): Setting<string> {
  return setting((text) => (pattern.test(text) ? text : undefined), expected);
}

/** A whole number, ends included. */
export function wholeSetting(min: number, max: number): Setting<number> {
  const read = (text: string): number | undefined => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };
  return setting(read, `must be a whole number from ${min} to ${max}`);
}

/** `true` or `false`, nothing that merely sounds like it. */
export function flagSetting(): Setting<boolean> {
  const read = (text: string): boolean | undefined => (text === 'true' ? true : text === 'false' ? false : undefined);
  return setting(read, 'must be true or false');
}

/** One of some words. */
export function wordSetting<const T extends string>(words: readonly T[]): Setting<T> {
  return setting((text) => words.find((word) => word === text), `must be one of ${words.join(', ')}`);
}

/** `key=value` pairs, separated by commas. */
export function pairsSetting(): Setting<Readonly<Record<string, string>>> {
  const read = (text: string): Record<string, string> | undefined => {
    const pairs = text
      .split(',')
      .map((pair) => /^\s*([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,127})=([^=,]*?)\s*$/u.exec(pair));
    return pairs.every((pair) => pair !== null)
      ? Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, value]))
      : undefined;
  };
  return setting(read, 'must be pairs like disk=ssd,zone=a');
}

/** Words, separated by commas. */
export function listSetting(pattern: RegExp, expected: string): Setting<readonly string[]> {
  const read = (text: string): string[] | undefined => {
    const words = text.split(',').map((word) => word.trim());
    return words.every((word) => pattern.test(word)) ? words : undefined;
  };
  return setting(read, expected);
}

/** A secret that fits a rule. `expected` must not quote it. */
export function secretSetting(isFit: (text: string) => boolean, expected: string): Setting<Secret> {
  return { ...setting((text) => (isFit(text) ? new Secret(text) : undefined), expected), isSecret: true };
}

/** A password for a person. */
export function passwordSetting(): Setting<Secret> {
  const isFit = (text: string): boolean => [...text].length >= PASSWORD_MIN_LENGTH && [...text].length <= 256;
  return secretSetting(isFit, `must have ${PASSWORD_MIN_LENGTH} to 256 characters`);
}

function setting<T>(read: (text: string) => T | undefined, expected: string): Setting<T> {
  return {
    isSecret: false,
    parse: (text) => {
      const value = read(text.trim());
      return value === undefined ? { ok: false, expected } : { ok: true, value };
    },
    absent: () => ({ ok: false, expected: `${expected}; it is not set` }),
  };
}

import { parse } from 'yaml';

/**
 * Settings in a YAML file by name, as the texts the environment would hold: numbers and booleans as they are written,
 * lists and maps joined by commas (`a,b`, `k=v,l=w`). Throws an Error that says what is wrong, an unknown name included.
 */
export function settingsInFile(text: string, known: readonly string[]): Map<string, string> {
  const root: unknown = parse(text, { schema: 'core', uniqueKeys: true, maxAliasCount: 10 });
  if (root === null || root === undefined) {
    return new Map();
  }
  if (typeof root !== 'object' || Array.isArray(root)) {
    throw new Error('it holds no map of settings');
  }
  const unknown = Object.keys(root).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`there is no setting ${unknown.map((name) => JSON.stringify(name)).join(', ')}`);
  }
  const given = Object.entries(root).filter(([, value]) => value !== null);
  return new Map(given.map(([name, value]) => [name, asText(value)]));
}

function asText(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(asText).join(',');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, part]) => `${key}=${asText(part)}`)
      .join(',');
  }
  return String(value);
}

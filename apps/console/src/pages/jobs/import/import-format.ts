export const IMPORT_FORMATS = ['crontab', 'yaml', 'json'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** What a text looks like: a file of job documents says so by its first words, everything else is a crontab. */
export function guessFormat(text: string): ImportFormat {
  if (/^\s*[[{]/.test(text)) return 'json';
  const isYaml = /^(---|jobs:|\s*(- +)?(name|command|cronExpr|description)\s*:\s)/m.test(text);
  return isYaml ? 'yaml' : 'crontab';
}

/** Bytes one file may have. */
export const MOST_BYTES = 256 * 1024;

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

import { cleanText, plainText } from '@/output/clean-text';

/** The last line that says something in the kept end of an output, as plain text; undefined where there is none. */
export function lastLine(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const lines = text.trimEnd().split('\n');
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = plainText(cleanText(lines[index]!.trimEnd().split('\r').at(-1)!)).trim();
    if (line !== '') return line.slice(0, 200);
  }
  return undefined;
}

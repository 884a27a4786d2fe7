import { KNOWN_FIELDS } from '../job/parse-job-document.js';

/**
 * Characters that no text of a job has as they stand: JSON wants them escaped within strings, and knows tab and line ends
 * alone between them.
 */
const CODES = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).filter(
  (char) => !/[\t\n\r]/.test(char),
);
const [NAMED, ...OF_FIELDS] = CODES as [string, ...string[]];

/** How a field begins where JSON is written without blanks, as programs and this product do: those that gain most. */
const WORDS = KNOWN_FIELDS.filter((field) => field !== 'name')
  .toSorted((a, b) => b.length - a.length)
  .slice(0, OF_FIELDS.length)
  .map((field) => `,"${field}":`);
const codeOf = new Map(WORDS.map((word, index) => [word, OF_FIELDS[index] as string]));
const wordOf = new Map(WORDS.map((word, index) => [OF_FIELDS[index] as string, word]));
const BEGINNING = /,"[A-Za-z]+":/g;
const CODE = new RegExp(`[${OF_FIELDS.slice(0, WORDS.length).join('')}]`, 'g');

/**
 * The text of a job, which must be JSON, a third shorter: without its name, and with one character for all but the
 * shortest of its fields.
 * `fullText` gives back every character of it.
 */
export function spareText(text: string, name: string): string {
  const named = namedBeginning(name);
  const rest = text.startsWith(named) ? NAMED + text.slice(named.length) : text;
  return rest.replace(BEGINNING, (word) => codeOf.get(word) ?? word);
}

/** The text `spareText` was given for the job of this name. */
export function fullText(spare: string, name: string): string {
  const text = spare.replace(CODE, (code) => wordOf.get(code) as string);
  return text.startsWith(NAMED) ? namedBeginning(name) + text.slice(NAMED.length) : text;
}

function namedBeginning(name: string): string {
  return `{"name":"${name}"`;
}

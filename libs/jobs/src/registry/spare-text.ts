import { KNOWN_FIELDS } from '../job/parse-job-document.js';

/**
 * Characters that no text of a job has as they stand: JSON wants them escaped within strings, and knows tab and line ends
 * alone between them.
 */
const CODES = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).filter(
  (char) => !/[\t\n\r]/.test(char),
);
const [NAMED, ...OF_FIELDS] = CODES as [string, ...string[]];

/** The fields that gain most by a code of their own: the longest ones. `name` has one already. */
const FIELDS = KNOWN_FIELDS.filter((field) => field !== 'name')
  .toSorted((a, b) => b.length - a.length)
  .slice(0, OF_FIELDS.length);
/** By its code, how a field begins where JSON is written without blanks, as programs and this product do; and the reverse. */
const wordOf = new Map(FIELDS.map((field, index) => [OF_FIELDS[index] as string, `,"${field}":`]));
const codeOf = new Map([...wordOf].map(([code, word]) => [word, code]));
const WORD = /,"[A-Za-z]+":/g;
const CODE = new RegExp(`[${[...wordOf.keys()].join('')}]`, 'g');

/**
 * The text of a job, which must be JSON, a third shorter: without its name, and with one character for all but the
 * shortest of its fields. `fullText` gives back every character of it.
 */
export function spareText(text: string, name: string): string {
  const named = namedBeginning(name);
  const rest = text.startsWith(named) ? NAMED + text.slice(named.length) : text;
  return rest.replace(WORD, (word) => codeOf.get(word) ?? word);
}

/** The text `spareText` was given for the job of this name. */
export function fullText(spare: string, name: string): string {
  const text = spare.replace(CODE, (code) => wordOf.get(code) as string);
  return text.startsWith(NAMED) ? namedBeginning(name) + text.slice(NAMED.length) : text;
}

function namedBeginning(name: string): string {
  return `{"name":"${name}"`;
}

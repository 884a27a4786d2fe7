/** What the palette can do to a job. */
export const VERBS = ['run', 'pause', 'resume', 'kill', 'edit', 'clone', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

/** What somebody wants to do: a verb, and a part of a job's name; empty: the job is still to be chosen. */
export interface Wish {
  readonly verb: Verb;
  readonly job: string;
}

/** The words a verb goes by, in any language, lower case. */
export type VerbWords = Readonly<Record<Verb, readonly string[]>>;

/** Words written together: a name may follow, or come before, without a space. */
const UNSPACED = /^\p{Script=Han}+$/u;

/**
 * A text read as a verb with a job, in either order: `pause nightly`, `nightly pause`, `暂停nightly`, or `pause` alone.
 * undefined where no verb stands at either end. The longest word wins, and the one in front.
 */
export function wishOf(text: string, words: VerbWords): Wish | undefined {
  const said = text.trim();
  const known = VERBS.flatMap((verb) => words[verb].map((word) => ({ verb, word })));
  const ranked = known.sort((left, right) => right.word.length - left.word.length);
  for (const rest of [restAfter, restBefore]) {
    for (const { verb, word } of ranked) {
      const job = rest(said, word);
      if (job !== undefined) return { verb, job };
    }
  }
  return undefined;
}

function restAfter(said: string, word: string): string | undefined {
  const rest = said.slice(word.length);
  const isFirst = said.toLowerCase().startsWith(word) && isApart(rest[0], word);
  return isFirst ? rest.trim() : undefined;
}

function restBefore(said: string, word: string): string | undefined {
  const rest = said.slice(0, Math.max(0, said.length - word.length));
  const isLast = said.toLowerCase().endsWith(word) && isApart(rest.at(-1), word);
  return isLast ? rest.trim() : undefined;
}

function isApart(neighbour: string | undefined, word: string): boolean {
  return neighbour === undefined || /\s/.test(neighbour) || UNSPACED.test(word);
}

/** Whether all words of a text occur in what something is called, whatever their order; of an empty text all do. */
export function isCalled(names: readonly string[], text: string): boolean {
  const all = names.join('\n').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** Words before the program that say how it is run: dropped, with the options and operands they take. */
const WRAPPERS: Readonly<Record<string, number>> = {
  sudo: 0,
  env: 0,
  exec: 0,
  nice: 0,
  ionice: 0,
  nohup: 0,
  time: 0,
  chronic: 0,
  command: 0,
  timeout: 1,
  flock: 1,
  chrt: 1,
  sh: 0,
  bash: 0,
  dash: 0,
  zsh: 0,
  python: 0,
  python2: 0,
  python3: 0,
  perl: 0,
  php: 0,
  ruby: 0,
  node: 0,
};

/** Options of wrappers whose next word is their value. */
const OPTIONS_WITH_VALUE = new Set(['-u', '-g', '-n', '-c2', '-E', '-k', '-w', '-p', '-s']);

/**
 * A readable name for the job of a command: its program, and the subcommand when it has one (`certbot-renew`). Depends
 * on the command alone; unique only through `FreshNames`.
 */
export function nameFromCommand(command: string): string {
  const words = programWords(mainPart(command));
  const program = baseName(words[0] ?? '');
  const subcommand = words[1] ?? '';
  if (program === 'run-parts') return slug(baseName(words.findLast((word) => word.startsWith('/')) ?? 'run-parts'));
  const parts = /^[A-Za-z][A-Za-z0-9:_-]{1,30}$/.test(subcommand) ? [program, subcommand] : [program];
  return slug(parts.join('-')) || 'job';
}

/** Gives names that no job has, each once. */
export class FreshNames {
  private readonly taken: Set<string>;
  /** Per name the number tried last, so that a thousand equal ones do not begin at 2 each time. */
  private readonly numbers = new Map<string, number>();

  constructor(taken: Iterable<string>) {
    this.taken = new Set(taken);
  }

  /** The name, or with -2, -3 and so on the first of its kind that is free. Only `keep` takes it. */
  propose(name: string): string {
    if (!this.taken.has(name)) return name;
    for (let number = this.numbers.get(name) ?? 2; ; number++) {
      const candidate = `${name}-${number}`;
      if (this.taken.has(candidate)) continue;
      this.numbers.set(name, number);
      return candidate;
    }
  }

  keep(name: string): void {
    this.taken.add(name);
  }
}

/** The part of a command line that does the work: after `cd X &&` and `test ... ||`, before pipes and redirections. */
function mainPart(command: string): string {
  const parts = command.split(/&&|\|\||;|\n/).map((part) => part.replace(/^[\s({!]+/, '').trim());
  const main = parts.find((part) => part !== '' && !PREPARATION.test(part));
  return (main ?? parts[0] ?? '').split(/[|<>]/, 1)[0]!;
}

/** What stands before the work: changes of place, conditions, a wait for a random time. */
const PREPARATION = /^(cd|test|\[|\[\[|set|umask|export|sleep|\.|source|true)(\s|$)|^perl -e\W*sleep\b/;

function programWords(part: string): string[] {
  const words = part
    .replace(/["'`$(){}]/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
  while (words.length > 1) {
    const word = words[0]!;
    const operands = WRAPPERS[baseName(word)];
    const isAssignment = /^[A-Za-z_]\w*=/.test(word);
    if (!isAssignment && operands === undefined) break;
    words.shift();
    if (isAssignment) continue;
    while (words.length > 1 && words[0]!.startsWith('-')) {
      const option = words.shift()!;
      if (OPTIONS_WITH_VALUE.has(option) && words.length > 1) words.shift();
    }
    words.splice(0, Math.min(operands ?? 0, words.length - 1));
  }
  return words;
}

function baseName(word: string): string {
  const name = word.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return name.replace(/\.(sh|bash|py|pl|php|rb|js|mjs|cjs|ts|exe)$/i, '');
}

/** Letters, digits, dots, dashes and underscores, in NFC, beginning with a letter or digit; at most 60 of them. */
function slug(text: string): string {
  const plain = text.normalize('NFC').replace(/[^\p{L}\p{M}\p{Nd}._-]+|\p{Default_Ignorable_Code_Point}/gu, '-');
  return [...plain.replace(/^[^\p{L}\p{Nd}]+/u, '')]
    .slice(0, 60)
    .join('')
    .replace(/[-._]+$/, '');
}

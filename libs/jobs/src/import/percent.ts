/** A command of a crontab and what it is given on its standard input. */
export interface CommandAndInput {
  readonly command: string;
  /** undefined: nothing. Ends in a newline. */
  readonly input: string | undefined;
}

/**
 * Splits a command at its first `%` that no backslash precedes: what follows is its input, with each further `%` a line
 * break. `\%` is a percent sign in both, every other backslash stays (crontab(5); do_command.c of Debian's cron).
 */
export function splitAtPercent(text: string): CommandAndInput {
  const [command = '', ...lines] = text.split(/(?<!\\)%/).map((part) => part.replaceAll('\\%', '%'));
  const input = lines.join('\n');
  if (input === '') return { command, input: undefined };
  // cron adds the line break a last line lacks.
  return { command, input: input.endsWith('\n') ? input : `${input}\n` };
}

/** Shells that read a here-document as the POSIX shell does. */
const POSIX_SHELLS = /(^|\/)(sh|bash|dash|ash|ksh|mksh|zsh)$/;

/** The command as one shell text that feeds itself the input; to be run by `shellFor` of the same shell. */
export function withInput({ command, input }: CommandAndInput, shell: string): string {
  if (input === undefined) return command;
  const mark = endMark(input);
  return `${commandPart(command, shell)} <<'${mark}'\n${input}${mark}`;
}

/** The shell that runs a command made by `withInput`: the crontab's own, or /bin/sh where that cannot feed it. */
export function shellFor({ input }: CommandAndInput, shell: string): string {
  return input === undefined || POSIX_SHELLS.test(shell) ? shell : '/bin/sh';
}

function commandPart(command: string, shell: string): string {
  if (!POSIX_SHELLS.test(shell)) return `exec ${quoted(shell)} -c ${quoted(command)}`;
  // A here-document binds to one simple command; braces give it to all of them, as cron does.
  const isSimple = /^[\w\s./:=@,+%"-]+$/.test(command) && !/^\s*(if|for|while|until|case)\b/.test(command);
  return isSimple ? command.trimEnd() : `{ ${command}\n}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A line that the input does not contain. */
function endMark(input: string): string {
  const lines = new Set(input.split('\n'));
  let mark = 'END';
  while (lines.has(mark)) mark = `${mark}_`;
  return mark;
}

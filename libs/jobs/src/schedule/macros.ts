import { quote, refuseExpression } from './refuse.js';

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Writes `@daily` and its like as five fields; leaves `@every` and `@at` alone; throws InvalidInput for any other. */
export function expandMacro(text: string): string {
  const word = /^@[^ \t]*/.exec(text)![0].toLowerCase();
  const rest = text.slice(word.length).trim();
  if (word === '@every' || word === '@at') return `${word} ${rest}`;
  if (word === '@reboot')
    refuseExpression('@reboot names no time: a fleet has no one machine whose start it could mean');
  const expanded = Object.hasOwn(MACROS, word) ? MACROS[word] : undefined;
  if (!expanded) refuseExpression(`${quote(word)} is not one of ${Object.keys(MACROS).join(', ')}, @every, @at`);
  if (rest !== '') refuseExpression(`${word} takes nothing after it, but ${quote(rest)} follows`);
  return expanded;
}

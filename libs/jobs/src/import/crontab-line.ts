import { checkCronField } from './cron-field.js';

/** One line of a crontab, taken apart by the rules of crontab(5). */
export type CrontabLine =
  | { readonly kind: 'blank' }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'environment'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'entry';
      readonly cronExpr: string;
      /** Undefined in a user's crontab. */
      readonly user: string | undefined;
      /** As written, `%` included. */
      readonly command: string;
    }
  | { readonly kind: 'broken'; readonly reason: string };

/** Reads one line. `hasUser` says that the sixth field names a user, as in /etc/crontab. */
export function readCrontabLine(source: string, hasUser: boolean): CrontabLine {
  const text = source.replace(/^[ \t]+/, '');
  if (text.trim() === '') return { kind: 'blank' };
  if (text.startsWith('#')) return { kind: 'comment', text: text.replace(/^#+[ \t]?/, '').trimEnd() };
  // cron(8) tries a line as an assignment first, and as an entry when it is none.
  return readAssignment(text) ?? readEntry(text, hasUser);
}

const ASSIGNMENT =
  /^(?:"([^"]*)"|'([^']*)'|([^\s="'][^\s=]*))[ \t]*=[ \t]*(?:"([^"]*)"[ \t]*|'([^']*)'[ \t]*|([^"'\s].*))$/;

function readAssignment(text: string): CrontabLine | undefined {
  const [matched, ...parts] = ASSIGNMENT.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const [doubleName, singleName, plainName, doubleValue, singleValue, plainValue] = parts;
  const name = doubleName ?? singleName ?? plainName ?? '';
  return { kind: 'environment', name, value: doubleValue ?? singleValue ?? plainValue?.trimEnd() ?? '' };
}

function readEntry(text: string, hasUser: boolean): CrontabLine {
  if (/^[^\s=]+[ \t]*=/.test(text)) {
    return broken('is no assignment crontab(5) knows: an empty value needs quotes, and nothing may follow them');
  }
  const scheduleWords = text.startsWith('@') ? 1 : 5;
  const words = takeWords(text, scheduleWords + (hasUser ? 1 : 0));
  if (!words) return broken(`has too few fields: ${scheduleWords === 1 ? '' : 'five for the time, '}${tail(hasUser)}`);
  const fields = words.taken.slice(0, scheduleWords);
  const fault = scheduleWords === 1 ? macroFault(fields[0]!) : fieldsFault(fields);
  if (fault !== undefined) return broken(fault);
  return {
    kind: 'entry',
    cronExpr: fields.join(' '),
    user: hasUser ? words.taken[scheduleWords] : undefined,
    command: words.rest,
  };
}

function broken(reason: string): CrontabLine {
  return { kind: 'broken', reason };
}

function tail(hasUser: boolean): string {
  return hasUser ? 'one for the user and the command' : 'and the command';
}

/** The first words and what follows them; undefined when there are fewer or nothing follows. */
function takeWords(text: string, count: number): { taken: string[]; rest: string } | undefined {
  const taken: string[] = [];
  let rest = text;
  for (let i = 0; i < count; i++) {
    const parts = /^([^ \t]+)[ \t]+(.*)$/.exec(rest);
    if (!parts) return undefined;
    taken.push(parts[1]!);
    rest = parts[2]!;
  }
  return rest === '' ? undefined : { taken, rest };
}

const MACROS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

function macroFault(macro: string): string | undefined {
  if (macro === '@reboot') {
    return '@reboot names no time: a fleet has no one machine whose start it could mean; use a service unit instead';
  }
  return MACROS.includes(macro) ? undefined : `"${macro}" is none of ${MACROS.join(', ')}`;
}

function fieldsFault(fields: readonly string[]): string | undefined {
  return fields.map((field, index) => checkCronField(field, index)).find((fault) => fault !== undefined);
}

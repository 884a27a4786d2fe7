// biome-ignore-all lint/suspicious/noControlCharactersInRegex: this file is about control characters.
/**
 * What a job wrote on one line, made safe to show: of all terminal sequences only colours and weights stay
 * (`ESC [ ... m`), the others are taken out (links, titles, cursor moves); backspaces have struck out what they should;
 * characters nobody would see, or that would turn the text around, stand as marks such as `⟨U+202E⟩` and `␀`.
 * Text that hides behind a sequence without an end is shown, never swallowed.
 */
export function cleanText(raw: string): string {
  if (!SUSPECT.test(raw)) {
    return raw;
  }
  const text = raw
    .replace(SEQUENCE, (whole, params?: string, between?: string, final?: string) => {
      if (whole === ESC) return '␛';
      return final === 'm' && between === '' && /^[\d;:]*$/.test(params ?? '') ? whole : '';
    })
    .replace(UNSEEN, mark)
    .replace(JOINERS, mark);
  return text.includes('\b') ? struckOut(text) : text;
}

/** Finds a colour or weight sequence in cleaned text; its parameters are the first group. */
export const SGR = /\x1b\[([\d;:]*)m/g;

/** Finds what stands for a character that is not shown as itself. */
export const MARKS = /⟨U\+[0-9A-F]{4}⟩|[\u2400-\u2421]/g;

/** Cleaned text as one reads it, without its colours. */
export function plainText(text: string): string {
  return text.includes(ESC) ? text.replace(SGR, '') : text;
}

const ESC = '\x1b';
// A test that most text passes, so that most text costs nothing more.
const SUSPECT = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
// A control sequence; a string (link, title, ...) with its end; any other escape of ECMA-48; a lone ESC.
const SEQUENCE = /\x1b(?:\[([0-?]*)([ -/]*)([@-~])|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])?/g;
const UNSEEN =
  /[\x00-\x07\x0a-\x1a\x1c-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
// Joiners belong into emoji and some scripts; beside plain letters they only hide something.
const JOINERS = /(?<=[\x20-\x7e])[\u200c\u200d]|[\u200c\u200d](?=[\x20-\x7e])/g;

function mark(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** Each backspace takes the character before it, as far as that has the same colour. */
function struckOut(text: string): string {
  let result = '';
  let from = 0;
  const take = (part: string): void => {
    const kept: string[] = [];
    for (const character of part) {
      if (character === '\b') kept.pop();
      else kept.push(character);
    }
    result += kept.join('');
  };
  for (const found of text.matchAll(SGR)) {
    take(text.slice(from, found.index));
    result += found[0];
    from = found.index + found[0].length;
  }
  take(text.slice(from));
  return result;
}

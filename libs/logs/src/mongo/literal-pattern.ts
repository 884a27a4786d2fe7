/**
 * A regular expression that finds exactly this text, whatever its case in any script. Case is spelt out letter by letter
 * (`[éÉ]`), for servers differ in what their case-insensitive option covers; a NUL, which no pattern may hold, as \x00.
 */
export function literalPattern(text: string): string {
  return [...text.toLowerCase()].map(literalLetter).join('');
}

function literalLetter(letter: string): string {
  if (letter === '\0') return '\\x00';
  const upper = letter.toUpperCase();
  // "ß" becomes two letters: such a letter is found as it is.
  if (upper !== letter && [...upper].length === 1) return `[${letter}${upper}]`;
  return /[!-/:-@[-`{-~]/.test(letter) ? `\\${letter}` : letter;
}

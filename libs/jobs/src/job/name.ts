/** Longest name, in code points. */
export const MAX_NAME_LENGTH = 128;

/**
 * Why a text cannot be a name of a job or a group, in a sentence; undefined when it can.
 *
 * A name has 1 to 128 code points: letters and marks of any script in NFC, digits, `.`, `_` and `-`, and begins with a
 * letter or a digit. Letters nobody can see (Hangul fillers, variation selectors) are no part of a name.
 */
export function checkName(name: string): string | undefined {
  if (name === '') return 'must not be empty';
  // A code point has at most two UTF-16 units, so that a text of megabytes is not walked.
  if (name.length > 2 * MAX_NAME_LENGTH || [...name].length > MAX_NAME_LENGTH) {
    return `must have at most ${MAX_NAME_LENGTH} characters`;
  }
  if (!/^[\p{L}\p{Nd}]/u.test(name)) return 'must begin with a letter or a digit';
  if (!/^[\p{L}\p{M}\p{Nd}._-]+$/u.test(name)) return 'may hold only letters, digits, ".", "_" and "-"';
  if (/\p{Default_Ignorable_Code_Point}/u.test(name)) return 'must not hold invisible characters';
  return name.normalize('NFC') === name ? undefined : 'must be in Unicode normalization form C';
}

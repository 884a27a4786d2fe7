import type { Words } from '@fleetcron/sdk';
import { language } from './language';

/** What the server says in both languages, in the one chosen. Follows the choice where it is read in a template or a computed. */
export function said(words: Words): string {
  return words[language.value];
}

/** A sentence that the server gives in both languages, or that was made here in the one chosen. */
export interface Sentence {
  readonly message: string;
  readonly text?: Words;
}

/** As `said`, of a sentence that may have one language only. */
export function sentenceSaid({ message, text }: Sentence): string {
  return text ? said(text) : message;
}

import type { Language } from '../format/duration';
import { remembered } from '../format/remembered';

const own = globalThis.navigator?.language ?? 'en';
const preferred: Language = own.toLowerCase().startsWith('zh') ? 'zh' : 'en';

/** The language of the console; kept over visits. The browser's own at first. */
export const language = remembered<Language>('language', preferred, (value) => value === 'en' || value === 'zh');

export function toggleLanguage(): void {
  language.value = language.value === 'en' ? 'zh' : 'en';
}

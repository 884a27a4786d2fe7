import { watch } from 'vue';
import { createI18n } from 'vue-i18n';
import type { Language } from '../format/duration';
import { remembered } from '../format/remembered';
import { common } from './common';

/** Words of one room, in both languages, with the same keys. */
export interface Words {
  readonly en: WordTree;
  readonly zh: WordTree;
}

export interface WordTree {
  readonly [key: string]: string | WordTree;
}

const preferred: Language = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';

/** The language of the console; kept over visits. The browser's own at first. */
export const language = remembered<Language>('language', preferred, (value) => value === 'en' || value === 'zh');

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'en',
  messages: { en: { ...common.en }, zh: { ...common.zh } },
  missingWarn: import.meta.env.DEV,
  fallbackWarn: import.meta.env.DEV,
});

watch(
  language,
  (now) => {
    i18n.global.locale.value = now;
    document.documentElement.lang = now;
  },
  { immediate: true },
);

/** Makes the words of a room known under its name: `addWords('jobs', words)`, then `t('jobs.title')`. Safe to repeat. */
export function addWords(room: string, words: Words): void {
  i18n.global.mergeLocaleMessage('en', { [room]: words.en });
  i18n.global.mergeLocaleMessage('zh', { [room]: words.zh });
}

export function toggleLanguage(): void {
  language.value = language.value === 'en' ? 'zh' : 'en';
}

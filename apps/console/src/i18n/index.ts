import { watch } from 'vue';
import { createI18n } from 'vue-i18n';
import { common } from './common';
import { language } from './language';

/** Words of one room, in both languages, with the same keys. */
export interface Words {
  readonly en: WordTree;
  readonly zh: WordTree;
}

export interface WordTree {
  readonly [key: string]: string | WordTree;
}

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

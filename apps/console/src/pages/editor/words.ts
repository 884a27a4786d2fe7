import { addWords } from '@/i18n';
import { en } from './words-en';
import { zh } from './words-zh';

addWords('editor', { en: en.editor, zh: zh.editor });
addWords('policy', { en: en.policy, zh: zh.policy });

import { addWords } from '@/i18n';

addWords('editing', {
  en: {
    before: 'Before',
    after: 'After',
    added: 'added',
    removed: 'removed',
    same: 'The two are the same.',
    fold: '{n} lines that are the same',
    unfold: 'Show {n} lines that are the same',
  },
  zh: {
    before: '修改前',
    after: '修改后',
    added: '新增',
    removed: '删除',
    same: '两者相同。',
    fold: '相同的 {n} 行',
    unfold: '展开相同的 {n} 行',
  },
});

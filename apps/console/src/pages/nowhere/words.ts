import { addWords } from '@/i18n';

addWords('nowhere', {
  en: {
    title: 'There is no such page',
    text: 'The address leads nowhere. Perhaps it was mistyped.',
    back: 'To the overview',
  },
  zh: { title: '页面不存在', text: '这个地址没有对应的页面，可能是输入有误。', back: '返回总览' },
});

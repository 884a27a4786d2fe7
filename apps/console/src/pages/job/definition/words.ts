import { addWords } from '@/i18n';

addWords('jobDefinition', {
  en: {
    title: 'Definition',
    revision: 'revision {revision}',
    hint: 'Fields that are not written have their default values.',
    label: 'Definition of {name} as YAML',
    noCopy: 'This browser does not let the page copy. Download it, or select the text.',
    invalid: 'What stands in the store cannot be read as a job. Save a definition to replace it.',
  },
  zh: {
    title: '定义',
    revision: '修订 {revision}',
    hint: '未写出的字段取默认值。',
    label: '{name} 的 YAML 定义',
    noCopy: '浏览器不允许本页复制。请下载，或手动选中文本。',
    invalid: '存储中的内容无法读作任务。保存一份定义即可替换它。',
  },
});

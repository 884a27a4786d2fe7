import { addWords } from '@/i18n';

addWords('jobCalendar', {
  en: {
    title: 'The last 90 days, hour by hour',
    label: 'Outcomes of {name}, days across and hours of the day down',
    zone: 'in {zone}',
    hint: 'Each hour has the colour of its worst outcome. Open one to see its runs.',
    empty: 'Nothing ran in the last 90 days.',
  },
  zh: {
    title: '最近 90 天，逐小时',
    label: '{name} 的结果：横向为日期，纵向为一天中的小时',
    zone: '时区 {zone}',
    hint: '每小时以其中最差的结果着色；点开可查看该小时的执行记录。',
    empty: '最近 90 天没有执行过。',
  },
});

import { addWords } from '@/i18n';

addWords('chart', {
  en: {
    outcome: '{count} {status}',
    column: '{time}: {counts}',
    cell: '{day}, {time}: {counts}',
    nothing: 'nothing',
    legend: 'Legend',
    fewer: 'fewer',
    more: 'more',
    hoursAcross: 'Days across, hours of the day down',
  },
  zh: {
    outcome: '{count} 次{status}',
    column: '{time}：{counts}',
    cell: '{day} {time}：{counts}',
    nothing: '无',
    legend: '图例',
    fewer: '少',
    more: '多',
    hoursAcross: '横向为日期，纵向为一天中的小时',
  },
});

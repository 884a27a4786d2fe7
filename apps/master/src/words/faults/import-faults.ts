import { FaultTable } from './table.js';

/** What is said of the lines of a crontab. */
export const IMPORT_FAULTS: FaultTable = [
  [/^a crontab has at most 256 KiB$/, 'crontab 最大 256 KiB'],
  [
    /^is no assignment crontab\(5\) knows: an empty value needs quotes, and nothing may follow them$/,
    '不是 crontab(5) 认识的赋值：空值要写引号，引号之后不能再有内容',
  ],
  [
    /^has too few fields: five for the time, one for the user and the command$/,
    '字段太少：需要五个时间字段、一个用户和命令',
  ],
  [/^has too few fields: five for the time, and the command$/, '字段太少：需要五个时间字段和命令'],
  [/^has too few fields: one for the user and the command$/, '字段太少：还需要一个用户和命令'],
  [/^has too few fields: and the command$/, '字段太少：还需要命令'],
  [/^(".*") cannot name a variable$/s, '$1 不能用作变量名'],
  [
    /^taken as the time zone of the schedules below; not every cron does so$/,
    '用作以下各行的时区；并非所有 cron 都这样处理',
  ],
  [/^output is kept with each run instead of being mailed$/, '输出随每次执行保存，不再发送邮件'],
  [/^left out: it follows from the user a job runs as$/, '未导入：它由任务的运行用户决定'],
  [
    /^changes the time a command sees, not when it runs; CRON_TZ would$/,
    '只改变命令看到的时间，不改变触发时间；要改变触发时间请用 CRON_TZ',
  ],
  [
    /^taken literally: variables in it are not replaced, as in cron\(8\)$/,
    '按原文取用：与 cron(8) 一样，其中的变量不会被替换',
  ],
];

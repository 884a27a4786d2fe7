import { FaultTable } from './table.js';

const FIELD = '(second|minute|hour|day of month|month|day of week|year)';

/** A fault of one field of an expression, which is named first. */
function field(english: string): RegExp {
  return new RegExp(`^${FIELD} ${english}$`, 's');
}

/** What may be wrong with an expression or a time zone. Names of fields are put into Chinese by `faultWords`. */
export const SCHEDULE_FAULTS: FaultTable = [
  [field('(".*") has an empty item in its list'), '“$1”字段 $2 的列表中有空项'],
  [
    field('(".*") is not a number from (\\d+) to (\\d+) or a name such as (\\w+)'),
    '“$1”字段 $2 既不是 $3 到 $4 之间的数字，也不是 $5 这样的名称',
  ],
  [field('(".*") is not a number from (\\d+) to (\\d+)'), '“$1”字段 $2 不是 $3 到 $4 之间的数字'],
  [field('step (\\d+) of (".*") is outside 1 to (\\d+)'), '“$1”字段 $3 的步长 $2 超出范围 1 到 $4'],
  [field('step (\\d+) is outside 1 to (\\d+)'), '“$1”字段的步长 $2 超出范围 1 到 $3'],
  [field('(\\d+) is outside (\\d+) to (\\d+)'), '“$1”字段 $2 超出范围 $3 到 $4'],
  [field('(".*") has more than one step'), '“$1”字段 $2 有多个步长'],
  [field('(".*") lacks a value before the step'), '“$1”字段 $2 的步长之前缺少取值'],
  [field('(".*") has a step that is not a whole number'), '“$1”字段 $2 的步长不是整数'],
  [field('(".*") is not a range'), '“$1”字段 $2 不是有效的范围'],
  [field('range of (".*") is not within (\\d+) to (\\d+)'), '“$1”字段 $2 的范围不在 $3 到 $4 之内'],
  [field('range (".*") runs backwards; write (\\S+)'), '“$1”字段的范围 $2 起止颠倒；请写成 $3'],
  [field('(".*") is not one of (L-1 to L-30)'), '“$1”字段 $2 不在 L-1 到 L-30 之内'],
  [field('(".*") is not one of (H, .*)'), '“$1”字段 $2 不是 $3 之一'],
  [/^year cannot be H$/, '“年”字段不能是 H'],
  [
    /^day of week "L" says no day; write 5L for the last Friday of the month$/,
    '“星期”字段的 L 没有指明星期几；每月最后一个星期五写作 5L',
  ],
  [
    field('(".*") must have one # with a week from 1 to 5, such as FRI#2'),
    '“$1”字段 $2 只能有一个 #，其后是第几周（1 到 5），例如 FRI#2',
  ],
  [field('(".*") is nothing cron\\(8\\) understands'), '“$1”字段 $2 不是 cron(8) 认识的写法'],
  [
    /^(".*") has (\d+) fields?; a schedule has 5 .*$/s,
    '$1 有 $2 个字段；调度表达式应有 5 个字段（分、时、日、月、星期），或 6 个（最前加秒），或 7 个（最后再加年）',
  ],
  [
    /^never fires: no date has day of month (".*") in month (".*") with day of week (".*") with year (".*")$/s,
    '永远不会触发：没有日期同时满足日 $1、月 $2、星期 $3、年 $4',
  ],
  [
    /^never fires: no date has day of month (".*") in month (".*") with day of week (".*")$/s,
    '永远不会触发：没有日期同时满足日 $1、月 $2、星期 $3',
  ],
  [/^is empty; leave it out for a job that is only run by hand$/, '不能为空；只手动执行的任务请去掉此字段'],
  [/^has (\d+) characters; (\d+) are allowed$/, '有 $1 个字符，最多允许 $2 个'],
  [
    /^@reboot names no time: .*; use a service unit instead$/,
    '@reboot 不是时间：集群没有唯一的一台机器可谈“启动时”；请改用系统服务',
  ],
  [/^@reboot names no time: .*$/, '@reboot 不是时间：集群没有唯一的一台机器可谈“启动时”'],
  [/^(".*") is not one of (@.*)$/s, '$1 不是 $2 之一'],
  [/^(".*") is none of (@.*)$/s, '$1 不是 $2 之一'],
  [/^(@\w+) takes nothing after it, but (".*") follows$/s, '$1 之后不能再有内容，却跟着 $2'],
  [/^@every (".*") is not a duration .*$/s, '@every $1 不是由整数 d、h、m、s 组成的时长，例如 90s 或 1h30m'],
  [/^@every (".*") is outside 1s to 366d$/s, '@every $1 超出范围 1s 到 366d'],
  [/^@at (".*") is not a date and time such as (\S+)$/s, '@at $1 不是日期与时间，例如 $2'],
  [
    /^@at (".*") names a date that is not in the calendar of 1970 to 9999$/s,
    '@at $1 的日期不在 1970 到 9999 年的日历中',
  ],
  [/^@at (".*") names a time that no day has$/s, '@at $1 的时间在任何一天都不存在'],
  [/^@at (".*") has an offset that no zone has$/s, '@at $1 的时区偏移不存在'],
  [
    /^there is no time zone (".*"); use an IANA name such as (\S+) or UTC$/s,
    '没有时区 $1；请使用 IANA 时区名，例如 $2 或 UTC',
  ],
  [/^there is no time zone (".*")$/s, '没有时区 $1'],
  [/^CRON_TZ: there is no time zone (".*")$/s, 'CRON_TZ：没有时区 $1'],
];

import { FaultTable } from './table.js';

/** What may be wrong with a job whose fields are each right alone, or with its document as a whole. */
export const JOB_FAULTS: FaultTable = [
  [/^must be later than startAt$/, '必须晚于 startAt'],
  [/^must be after (\w+)$/, '必须晚于 $1'],
  [/^must not be before from$/, '不能早于 from'],
  [/^must not be in the future$/, '不能在将来'],
  [/^must be at most (\d+) days after from$/, '与 from 相距不能超过 $1 天'],
  [/^must be below the shortest time between two fires, (\S+) seconds$/, '必须小于两次触发之间的最短间隔（$1 秒）'],
  [/^is required: the shell executor has nothing else to run$/, '必填：shell 执行器没有别的内容可以执行'],
  [
    /^must be left out: concurrencyPolicy "forbid" allows one run$/,
    '请去掉此字段：并发策略为 forbid 时同时只能有一次执行',
  ],
  [/^must not be below retry\.delaySeconds$/, '不能小于 retry.delaySeconds'],
  [/^(.+) counts as success, so it is never retried$/, '$1 算作成功，不会重试'],
  [/^("\w+") is not available in this version$/, '当前版本还不支持 $1'],
  [/^is not available in this version$/, '当前版本还不支持'],
  [/^is not (".*"), the name it is stored under$/s, '与存储所用的名称 $1 不一致'],
  [/^version (\S+) is newer than (\S+), the newest this program knows$/, '版本 $1 比本程序支持的最新版本 $2 更新'],
  [/^a job is an object with a name$/, '任务必须是带有名称的对象'],
  [/^a job has at most (\d+) bytes; this one has (\d+)$/, '任务定义最多 $1 字节，此任务有 $2 字节'],
  [/^is nested deeper than (\d+) levels$/, '嵌套超过 $1 层'],
  [/^has a key "__proto__"$/, '包含键 "__proto__"'],
  [/^has the key (".*") twice$/s, '键 $1 重复出现'],
  [/^is not valid UTF-8$/, '不是有效的 UTF-8'],
  [/^begins with a byte order mark$/, '以字节顺序标记（BOM）开头'],
  [/^is empty$/, '内容为空'],
  [/^is not JSON$/, '不是 JSON'],
  [/^cannot be read: (.*)$/s, '无法读取：$1'],
  [/^the stored value is no JSON object: replace it whole$/, '存储中的内容不是 JSON 对象：请整体替换'],
];

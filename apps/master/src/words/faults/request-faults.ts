import { FaultTable } from './table.js';

const KINDS = '(job|run|worker|user|token|version|path|document|file)';

/** What may be wrong with what was asked for, rather than with a field. Names of kinds are put into Chinese by `faultWords`. */
export const REQUEST_FAULTS: FaultTable = [
  [new RegExp(`^There is no ${KINDS} (".*")\\.$`, 's'), '没有名为 $2 的$1。'],
  [new RegExp(`^There is already a ${KINDS} (".*")\\.$`, 's'), '已经有名为 $2 的$1。'],
  [/^There is already a job (".*"); `overwrite` replaces it\.$/s, '已经有名为 $1 的任务；勾选“覆盖”可替换它。'],
  [
    new RegExp(`^The ${KINDS} (".*") was changed meanwhile: you hold revision (.*), it is at (.*)\\.$`, 's'),
    '$1 $2 已被他人修改：您持有的版本是 $3，现在是 $4。',
  ],
  [/^The job is invalid and has no fires: (.*)$/s, '任务定义无效，没有触发：$1'],
  [/^The job (".*") is invalid: (.*)$/s, '任务 $1 的定义无效：$2'],
  [/^The job (".*") has no schedule to fill back\.$/s, '任务 $1 没有调度，无法补跑。'],
  [/^Run (\S+) has ended already\.$/, '执行记录 $1 已经结束。'],
  [/^Run (\S+) has (?:just )?started(?: already)?: kill it instead\.$/, '执行记录 $1 已经开始：请改用强杀。'],
  [/^more than (\d+) fires: fill back a shorter range$/, '超过 $1 次触发：请缩短补跑范围'],
  [/^the job has no fire in this range$/, '任务在此范围内没有触发'],
  [/^is not a parameter of this job$/, '任务没有这个参数'],
  [/^is not a cursor of this list$/, '不是此列表的翻页游标'],
  [/^makes more than (\d+) steps of this span$/, '这段时间会分成 $1 步以上'],
  [/^give either names or filter$/, '名称（names）与筛选（filter）只能给出其一'],
  [/^must be the ETag of the job as it was read, like ("\d+")$/, '必须是读取任务时得到的 ETag，例如 $1'],
  [/^holds (\d+) jobs; (\d+) are taken at once$/, '包含 $1 个任务，一次最多 $2 个'],
  [/^is not YAML: (.*)$/s, '不是 YAML：$1'],
  [/^is not YAML we take: (.*)$/s, '不是可以接受的 YAML：$1'],
  [/^(".*") is the last admin; make another user admin first\.$/s, '$1 是最后一个管理员；请先把其他用户设为管理员。'],
  [
    /^must be 1 to 64 lower-case letters, digits or \. _ @ -, starting with a letter or digit$/,
    '必须是 1 到 64 个小写字母、数字或 . _ @ -，并以字母或数字开头',
  ],
  [/^User name or password is wrong\.$/, '用户名或密码错误。'],
  [/^Only a user who signed in has a password\.$/, '只有登录的用户才有密码。'],
  [
    /^This master has just started and is still reading the jobs and runs from etcd\. Try again in a moment\.$/,
    '此管理节点刚启动，仍在从 etcd 读取任务和执行记录，请稍后重试。',
  ],
  [/^Sign in first\.$/, '请先登录。'],
  [/^Sign in, or send a token .*$/, '请登录，或在请求中附上有效的令牌。'],
  [/^Too many attempts\. Try again in (\d+) s\.$/, '尝试次数过多，请在 $1 秒后重试。'],
  [/^This needs the role (\w+); you are (\w+)\.$/, '此操作需要 $1 角色，您的角色是 $2。'],
  [/^Deleting needs the role (\w+); you are (\w+)\.$/, '删除需要 $1 角色，您的角色是 $2。'],
  [/^The query string is not UTF-8\.$/, '请求地址中的参数不是 UTF-8。'],
  [/^A compressed body is not taken; send it as it is\.$/, '不接受压缩的请求内容，请直接发送。'],
  [/^Nobody may do this\.$/, '任何人都不能执行此操作。'],
  [/^The body is larger than (\d+) bytes\.$/, '请求内容超过 $1 字节。'],
  [/^[\w ]+: (.*) \(not done\)$/s, '存储未能执行此操作：$1。操作没有生效，请稍后再试。'],
  [/^[\w ]+: (.*) \(may have been done\)$/s, '存储没有应答：$1。操作可能已经生效，请先查看再重试。'],
  [
    /^The clock of this master is off by more than 2 s, so it takes no edits, runs and drains\. Ask another one, or mend the clock\.$/,
    '该管理节点的时钟偏差超过 2 秒，不接受修改、手动运行和停用节点。请改用其他管理节点，或校准时钟。',
  ],
  [
    /^It matches (\d+) jobs, and one call takes (\d+)\. Narrow it, or name them\.$/,
    '匹配到 $1 个任务，一次最多处理 $2 个。请缩小筛选范围，或逐一指定任务名。',
  ],
  [/^The body ended too early\.$/, '请求内容不完整。'],
  [/^The body is not UTF-8\.$/, '请求内容不是 UTF-8。'],
];

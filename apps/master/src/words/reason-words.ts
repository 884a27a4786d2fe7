import { Words } from './words.js';

/** Says a reason; `details` is what stands after its word, empty where nothing does. */
type Say = (details: string) => Words;

/** The stable first words of a record's reason, as clauses. Who killed or cancelled a run is said in run-words. */
const REASONS: Readonly<Record<string, Say>> = {
  overlap: told(
    'an earlier run was still going and the job does not overlap',
    '上一次执行尚未结束，而该任务不允许并发执行',
  ),
  paused: told('the job was paused', '任务已暂停'),
  maxRuns: told('the job had had as many runs as its maxRuns allowed', '任务的执行次数已达到上限'),
  cursorMoved: told('somebody moved the cursor of the job past it', '任务的游标被人为移到其后'),
  edited: told('the job was edited before the fire was decided', '触发尚未处理，任务定义就被修改'),
  deleted: told('the job was deleted', '任务已被删除'),
  superseded: told('several fires were found together and only the latest runs', '同时发现多次触发，只执行最近一次'),
  deadline: told('it was found later than the starting deadline allows', '发现时已超过允许的最晚启动时间'),
  noEligibleWorker: told(
    'no worker could take it: none of its group, labels and version was there',
    '没有可用的执行节点：分组、标签与版本均符合的节点都不在线',
  ),
  holderGone: told(
    'the worker that held the lock was gone and the starting deadline passed',
    '持有锁的执行节点已失联，且超过了允许的最晚启动时间',
  ),
  notStarted: (details) =>
    details === ''
      ? {
          en: 'its worker went away before it started, and then it was too late',
          zh: '启动之前执行节点已退出，随后错过了启动时间',
        }
      : told('it was not started', '未能启动')(details),
  spawn: told('its command could not be started', '命令无法启动'),
  workerDied: told('its worker died', '执行节点异常退出'),
  workerVanished: told('its worker vanished and was not heard of again', '执行节点失联，此后再无消息'),
  workerShutdown: told('its worker was shut down', '执行节点已关闭'),
  ownershipEnded: told(
    'its worker was cut off from the store for too long, so it was ended',
    '执行节点与协调存储失去联系过久，执行被终止',
  ),
  supervisorDied: told(
    'the process that watches over runs on its worker died, so it was ended',
    '执行节点上的监护进程异常退出，执行被终止',
  ),
  exit: (details) => ({ en: `exit code ${details}`, zh: `退出码 ${details}` }),
  signal: (details) =>
    details === '' || details === 'unknown'
      ? { en: 'ended by a signal', zh: '被信号终止' }
      : { en: `ended by the signal ${details}`, zh: `被信号 ${details} 终止` },
  timeout: told('it ran longer than its timeout', '运行时间超过了超时限制'),
  jobDeleted: told('the job was deleted', '任务已被删除'),
  jobInvalid: told('the job is invalid', '任务定义无效'),
  killed: told('the job was killed', '任务被强杀'),
  asked: told('its end was asked for', '应要求终止'),
};

/** A record's reason as a clause. One that nobody listed is quoted as it is, in both languages. */
export function reasonWords(reason: string): Words {
  const mark = reason.indexOf(':');
  const word = mark < 0 ? reason : reason.slice(0, mark);
  const details = mark < 0 ? '' : reason.slice(mark + 1).trim();
  const say = Object.hasOwn(REASONS, word) ? REASONS[word] : undefined;
  return say?.(details) ?? { en: reason, zh: reason };
}

function told(en: string, zh: string): Say {
  return (details) =>
    details === '' ? { en, zh } : { en: `${en} - ${details}`, zh: `${zh}（${detailsInChinese(details)}）` };
}

/** What the engine says beside its words. Messages of operating systems stay as they came. */
const DETAILS: readonly (readonly [RegExp, string])[] = [
  [/^run (\S+) on (\S+)$/, '执行节点 $2 上的执行记录 $1'],
  [/^earlier definition unknown$/, '此前的任务定义已无从得知'],
  [/^its time to start passed (\d+) ms ago$/, '已错过启动时间 $1 毫秒'],
  [/^its time to start passed while the supervisor could not be started$/, '监护进程无法启动，期间错过了启动时间'],
  [/^its session has ended$/, '执行节点的会话已结束'],
  [/^the start could not be journalled: (.*)$/s, '启动日志无法写入：$1'],
  [/^the worker is shutting down$/, '执行节点正在关闭'],
  [/^the worker is gone$/, '执行节点已退出'],
  [/^worker died$/, '执行节点异常退出'],
];

function detailsInChinese(details: string): string {
  const [pattern, chinese] = DETAILS.find(([known]) => known.test(details)) ?? [];
  return pattern && chinese ? details.replace(pattern, chinese) : details;
}

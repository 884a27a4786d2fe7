import { Words } from './words.js';

/** What the cluster page says when something is not well: a sentence per code. */
export const WARNING_WORDS = {
  storeAway: (): Words => ({
    en: 'The coordination store does not answer: nothing new is claimed.',
    zh: '协调存储没有响应：不会启动新的执行。',
  }),
  storeAlarm: (alarms: readonly string[]): Words => ({
    en: `The coordination store raises ${alarms.join(', ')}.`,
    zh: `协调存储发出告警：${alarms.join('、')}。`,
  }),
  storeAlmostFull: (sizeBytes: number, quotaBytes: number): Words => ({
    en: `The coordination store holds ${megabytes(sizeBytes)} of ${megabytes(quotaBytes)} MB.`,
    zh: `协调存储即将写满：已用 ${megabytes(sizeBytes)} MB，上限 ${megabytes(quotaBytes)} MB。`,
  }),
  noLeader: (): Words => ({
    en: 'No master leads: nobody tidies history, jobs go on.',
    zh: '当前没有主节点：历史暂时无人清理，任务照常执行。',
  }),
  historyAway: (): Words => ({
    en: 'History does not answer: records wait and arrive later.',
    zh: '历史存储没有响应：执行记录会先等待，稍后补上。',
  }),
  watchBehind: (seconds: number): Words => ({
    en: `This master is ${seconds} s behind the store.`,
    zh: `这个管理节点比协调存储落后 ${seconds} 秒。`,
  }),
  noWorker: (): Words => ({
    en: 'No worker is up: nothing runs.',
    zh: '没有执行节点在线：任何任务都不会执行。',
  }),
  workerUnwell: (id: string, reason: Words): Words => ({
    en: `Worker ${id} is unwell: ${reason.en}`,
    zh: `执行节点 ${id} 异常：${reason.zh}`,
  }),
  mixedTimeZones: (versions: readonly string[]): Words => ({
    en: `Workers know different time zone data: ${versions.join(', ')}.`,
    zh: `各执行节点的时区数据版本不一致：${versions.join('、')}。`,
  }),
  noEligibleWorker: (jobNames: readonly string[]): Words => ({
    en: `No worker may run ${fewOf(jobNames).en}: look at their group and selector.`,
    zh: `没有执行节点可以执行 ${fewOf(jobNames).zh}：请检查任务的分组与选择器。`,
  }),
  cursorInFuture: (jobNames: readonly string[]): Words => ({
    en: `Nothing fires of ${fewOf(jobNames).en} for now: the time up to which fires count as decided is in the future. Look at the clocks, or set the cursor back.`,
    zh: `${fewOf(jobNames).zh} 暂时不会触发：调度游标位于将来，此前的触发都算作已处理。请检查时钟，或重设游标。`,
  }),
} as const satisfies Readonly<Record<string, (...facts: never[]) => Words>>;

/** Codes of the warnings, as the API carries them. */
export type WarningCode = keyof typeof WARNING_WORDS;

/** Why a worker claims nothing. */
export const CLOCK_SUSPECT: Words = {
  en: 'Its clock is off, so it claims nothing.',
  zh: '时钟偏差过大，不再领取任务。',
};

const FEW = 3;

/** The first few names, and how many more there are. */
function fewOf(names: readonly string[]): Words {
  const few = names.slice(0, FEW);
  const more = names.length - few.length;
  return {
    en: few.join(', ') + (more > 0 ? ` and ${more} more` : ''),
    zh: few.join('、') + (more > 0 ? ` 等 ${names.length} 个任务` : ''),
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

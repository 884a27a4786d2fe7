import { Job, Run } from '@app/jobs';
import type { Explanation } from '../ledger/explain.js';
import { pauseWords, SaidPause } from './pause-words.js';
import { runWords } from './run-words.js';
import { sayInstant } from './say-instant.js';
import { Words } from './words.js';

/** The answer to "why did it not run?", or what became of it, in one sentence. */
export function explanationWords(code: Explanation['code'], about: Explained): Words {
  const { record } = about;
  return record && code === record.status ? outcomeWords(record) : planWords(code, about);
}

/** What an explanation is about. */
export interface Explained {
  readonly job: Job;
  readonly record?: Run | undefined;
  /** From when on its schedule decides, epoch milliseconds. */
  readonly scheduledSince?: number | undefined;
  /** The pause the instant lies in. */
  readonly pause?: SaidPause | undefined;
  /** Whether the schedule as it is now has a fire at the instant; undefined: no fire of any was there. */
  readonly isOnSchedule?: boolean | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

function outcomeWords(run: Run): Words {
  const because = runWords(run);
  const en = because ? `: ${because.en}` : '';
  const zh = because ? `：${because.zh}` : '';
  const hasStarted = run.startTime !== undefined;
  switch (run.status) {
    case 'succeeded':
      return { en: 'It ran and succeeded.', zh: '已执行，成功。' };
    case 'failed':
      return run.reason?.startsWith('spawn')
        ? { en: `It failed${en}.`, zh: `执行失败${zh}。` }
        : { en: `It ran and failed${en}.`, zh: `已执行，失败${zh}。` };
    case 'timedOut':
      return { en: 'It ran and was ended because it took longer than its timeout.', zh: '已执行，因超时被终止。' };
    case 'killed':
      return hasStarted
        ? { en: `It ran and was ${because?.en}.`, zh: `已开始执行，后被终止${zh}。` }
        : { en: `Before it started it was ${because?.en}.`, zh: `启动之前就被终止${zh}。` };
    case 'lost':
      return {
        en: `It was started and then lost${en}. It may or may not have finished.`,
        zh: `已开始执行，随后失联${zh}。可能已经执行完，也可能没有。`,
      };
    case 'cancelled':
      return { en: `Before it started it was ${because?.en}.`, zh: `启动之前已取消${zh}。` };
    case 'skipped':
      return { en: `It was skipped${en}.`, zh: `已跳过${zh}。` };
    case 'missed':
      return { en: `It was missed${en}.`, zh: `错过${zh}。` };
    case 'running':
      return { en: `It is running${en}.`, zh: `正在执行${zh}。` };
    case 'queued':
      return { en: 'It waits to be started.', zh: '正在排队，等待启动。' };
    default:
      return run.status satisfies never;
  }
}

/** Of instants that have no record. */
function planWords(code: Explanation['code'], about: Explained): Words {
  const { job, scheduledSince } = about;
  switch (code) {
    case 'planned':
      return { en: 'It is yet to come.', zh: '触发时间尚未到。' };
    case 'due':
      return {
        en: 'Its time has come and no worker has decided it yet. Give it a minute; then look whether workers are up.',
        zh: '触发时间已到，但还没有执行节点处理。请稍等一分钟；若仍如此，请检查执行节点是否在线。',
      };
    case 'paused':
      return pausedWords(about);
    case 'byHandOnly':
      return {
        en: 'The job has no schedule: it runs by hand or by others only.',
        zh: '该任务没有调度，只能手动执行或由其他任务触发。',
      };
    case 'beforeStart':
      return {
        en: 'The job fires only later: the instant is before its startAt.',
        zh: '该时刻早于任务的开始时间（startAt），任务此后才会触发。',
      };
    case 'afterEnd':
      return {
        en: 'The job fires no more: the instant is at or after its endAt.',
        zh: '该时刻已到任务的结束时间（endAt），任务不再触发。',
      };
    case 'usedUp':
      return {
        en: 'The job fires no more: it has had as many runs as its maxRuns allows.',
        zh: '任务的执行次数已达到上限（maxRuns），不再触发。',
      };
    case 'beforeSchedule': {
      const since = sayInstant(scheduledSince ?? 0, job.timezone);
      return {
        en: `The job has fired by this schedule only since ${since}: before that it was not there, was paused, or had another schedule.`,
        zh: `任务自 ${since} 起才按当前调度触发：此前任务尚未创建、处于暂停，或使用另一调度。`,
      };
    }
    case 'notScheduled':
      return { en: 'The schedule has no fire at this instant.', zh: '按调度，该时刻没有触发。' };
    default:
      return {
        en: 'It was decided, but there is no record: it is on its way to history, older than what is kept, or from before the job had this schedule.',
        zh: '该触发已处理，但没有执行记录：记录可能仍在写入历史、已超过保留期限，或该触发早于任务采用当前的调度。',
      };
  }
}

function pausedWords({ job, pause, isOnSchedule, now }: Explained): Words {
  const said = pause
    ? pauseWords(pause, job.timezone, now)
    : { en: 'The job was paused.', zh: '任务当时处于暂停状态。' };
  return isOnSchedule === undefined
    ? {
        en: `${said.en} Its schedule has no fire at this instant either.`,
        zh: `${said.zh}按调度，该时刻本来也没有触发。`,
      }
    : said;
}

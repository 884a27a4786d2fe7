import { Run } from '@app/jobs';
import { reasonWords } from './reason-words.js';
import { Words } from './words.js';

/** Reasons that say no more than that somebody asked. */
const NOTHING_SAID: ReadonlySet<string> = new Set(['asked', 'killed by hand']);
/** What stands in a record when a kill was put into the store by hand and gave no reason. */
const KILLER_KEY = 'killer key';

/** Why a run ended so, as a clause: `exit code 2`, `killed by ann: hangs`. undefined: there is nothing to say. */
export function runWords(run: Run): Words | undefined {
  switch (run.status) {
    case 'killed':
      return killedWords(run);
    case 'cancelled':
      return cancelledWords(run);
    case 'running':
      return run.killedBy === undefined
        ? undefined
        : { en: `being killed by ${run.killedBy}`, zh: `${run.killedBy} 已要求强杀，正在终止` };
    default:
      return run.reason === undefined ? undefined : reasonWords(run.reason);
  }
}

/** Whoever kills gives a reason in their own words, so none of ours is looked for in it, but of a shutdown. */
function killedWords({ reason = '', killedBy }: Run): Words {
  if (reason === 'workerShutdown') {
    return { en: 'killed because its worker was shut down', zh: '执行节点关闭，执行被强杀' };
  }
  if (reason === KILLER_KEY) {
    return { en: 'killed by its killer key in the store', zh: '通过存储中的强杀键强杀' };
  }
  const why = NOTHING_SAID.has(reason) ? '' : reason;
  const by = killedBy ?? '';
  return {
    en: `killed${by && ` by ${by}`}${why && `: ${why}`}`,
    zh: `${by ? `由 ${by} 强杀` : '已强杀'}${why && `：${why}`}`,
  };
}

function cancelledWords({ reason = '' }: Run): Words {
  const [, how, by] = /^(by hand|killed), (.+)$/s.exec(reason) ?? [];
  if (how === 'by hand') {
    return { en: `cancelled by ${by}`, zh: `由 ${by} 取消` };
  }
  if (how === 'killed') {
    return { en: `cancelled when ${by} killed the job`, zh: `${by} 强杀任务时一并取消` };
  }
  if (reason === '') {
    return { en: 'cancelled', zh: '已取消' };
  }
  const because = reasonWords(reason);
  return { en: `cancelled because ${because.en}`, zh: `${because.zh}，随之取消` };
}

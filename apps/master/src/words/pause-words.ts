import type { Pause } from '../ledger/pauses.js';
import { sayInstant } from './say-instant.js';
import { Words } from './words.js';

/** What is said of a pause. */
export type SaidPause = Pick<Pause, 'from' | 'to' | 'by' | 'reason'>;

/** That a job was or is paused, from when to when, by whom and why, in a sentence. Instants are told in the zone. */
export function pauseWords({ from, to, by, reason }: SaidPause, zone: string, now: number): Words {
  const begin = sayInstant(from, zone);
  const because = reason ? `: ${reason}` : '';
  const who = by === undefined ? '' : `, by ${by}`;
  const facts = [by === undefined ? '' : `由 ${by} 暂停`, reason ? `原因：${reason}` : ''].filter(Boolean).join('，');
  const brackets = facts && `（${facts}）`;
  if (to === undefined) {
    return {
      en: `The job has been paused since ${begin}${who}${because}.`,
      zh: `任务自 ${begin} 起处于暂停状态${brackets}。`,
    };
  }
  const end = sayInstant(to, zone);
  return {
    en: `The job ${to > now ? 'is' : 'was'} paused from ${begin} to ${end}${who}${because}.`,
    zh: `任务在 ${begin} 至 ${end} 期间处于暂停状态${brackets}。`,
  };
}

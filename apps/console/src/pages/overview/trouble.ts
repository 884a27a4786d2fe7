import type { Attention, Run } from '@fleetcron/sdk';
import { plainText } from '@/output/clean-text';

/** What went wrong with one job in one way. */
export type Trouble = Attention['items'][number];

/** The most of a line of output that a sentence quotes. */
const QUOTED = 120;
/** Lines that say where, not what: of stack traces of Node, Java and Python. */
const STACK_FRAME = /^(at\s.+[:(]|File ".+", line \d+)/;

/** The key of the sentence, under `overview.`: once, several times, or at least so many times. */
export function sentenceKey({ status, count, isAtLeast }: Pick<Trouble, 'status' | 'count' | 'isAtLeast'>): string {
  return `overview.${status}${isAtLeast ? 'AtLeast' : count === 1 ? '' : 'Times'}`;
}

/** What the run said last: of what it wrote to stderr, else undefined. Without colours and stack frames, cut where it is long. */
export function lastWords({ err }: Pick<Run, 'err'>, clean: (text: string) => string): string | undefined {
  const line = (err ?? '')
    .split(/\r?\n|\r/)
    .map((each) => plainText(clean(each)).trim())
    .findLast((each) => each !== '' && !STACK_FRAME.test(each));
  return line !== undefined && line.length > QUOTED ? `${line.slice(0, QUOTED)}…` : line;
}

/** Where the answer lies: the run, or for fires without one the question why. */
export function wayOn({ jobName, status, latestRun, lastAt }: Trouble) {
  return status === 'missed'
    ? { name: 'job', params: { name: jobName }, query: { tab: 'ledger', at: lastAt } }
    : { name: 'run', params: { id: latestRun.id } };
}

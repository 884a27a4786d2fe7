import type { Attention } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { cleanText } from '@/output/clean-text';
import { lastWords, sentenceKey, type Trouble, wayOn } from './trouble';

const say = (err: string) => lastWords({ err }, cleanText);

describe('the last words of a run', () => {
  it.each([
    ['', undefined],
    ['\n\n', undefined],
    ['one\ntwo\n', 'two'],
    ['one\r\ntwo\r\n\r\n', 'two'],
    ['10 %\r50 %\rbroken pipe', 'broken pipe'],
    ['\u001b[31merror\u001b[0m line 1: no such column', 'error line 1: no such column'],
    ['Error: ledger refused\n    at Ledger.commit (ledger.ts:88)\n    at main.ts:3:1', 'Error: ledger refused'],
    ['boom\n  File "job.py", line 3, in run', 'boom'],
    ['at noon the gate was shut', 'at noon the gate was shut'],
  ])('of %j are %j', (err, words) => expect(say(err)).toBe(words));

  it('are cut where they are long', () => {
    expect(say('x'.repeat(5_000))).toHaveLength(121);
  });
});

describe('the sentence about trouble', () => {
  it.each([
    [{ status: 'failed', count: 1, isAtLeast: false }, 'overview.failed'],
    [{ status: 'failed', count: 3, isAtLeast: false }, 'overview.failedTimes'],
    [{ status: 'timedOut', count: 1, isAtLeast: true }, 'overview.timedOutAtLeast'],
    [{ status: 'missed', count: 8, isAtLeast: false }, 'overview.missedTimes'],
  ] as const)('of %j is %s', (facts, key) => expect(sentenceKey(facts)).toBe(key));

  it('leads to the run, and for a missed fire to the question why', () => {
    const item = {
      jobName: 'nightly',
      status: 'failed',
      lastAt: 'T',
      latestRun: { id: 'a.1' },
    } as Attention['items'][0];
    expect(wayOn(item)).toEqual({ name: 'run', params: { id: 'a.1' } });
    expect(wayOn({ ...item, status: 'missed' } as Trouble)).toEqual({
      name: 'job',
      params: { name: 'nightly' },
      query: { tab: 'ledger', at: 'T' },
    });
  });
});

import type { Job } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { labelsOf, lastOutcome, nextFireOf, p95Of, withoutZone } from './job-facts';

const AT = '2026-11-21T01:00:00.000Z';
const job = (part: Partial<Job> = {}): Job => ({
  name: 'nightly',
  revision: 1,
  state: 'enabled',
  running: 0,
  cronExpr: '0 1 * * *',
  ...part,
});

describe('lastOutcome', () => {
  const failed = { id: 'r1', status: 'failed', scheduledTime: AT } as const;

  it('is what runs, then what waits, then what ended', () => {
    const recentRuns = [failed];
    expect(lastOutcome({ running: 3, queued: 1, recentRuns })).toEqual({ status: 'running', count: 2 });
    expect(lastOutcome({ running: 1, queued: 1, recentRuns })).toEqual({ status: 'queued', count: 1 });
    expect(lastOutcome({ running: 0, recentRuns })).toEqual({ status: 'failed', run: failed, count: 0 });
  });

  it('is none where nothing ran, or history is away', () => {
    expect(lastOutcome({ running: 0, recentRuns: [] })).toBeUndefined();
    expect(lastOutcome({ running: 0 })).toBeUndefined();
  });
});

describe('p95Of', () => {
  it.each([
    [[], undefined],
    [[7], 7],
    [[1, 2], 2],
    [Array.from({ length: 20 }, (_, n) => 20 - n), 19],
  ])('of %j is %s', (durations, expected) => {
    expect(p95Of(durations.map((durationMs) => ({ durationMs })))).toBe(expected);
  });

  it('leaves out runs that never ran', () => {
    expect(p95Of([{}, { durationMs: 5 }, {}])).toBe(5);
    expect(p95Of(undefined)).toBeUndefined();
  });
});

describe('nextFireOf', () => {
  it.each([
    [{ nextFireAt: AT }, { kind: 'at', at: AT }],
    [{ state: 'ended' }, { kind: 'ended' }],
    [{}, { kind: 'ended' }],
    [{ cronExpr: undefined }, { kind: 'byHand' }],
    [
      { state: 'paused', pausedReason: 'moving', pausedUntil: AT },
      { kind: 'paused', reason: 'moving', until: AT },
    ],
    [
      { state: 'invalid', invalid: { reason: 'is no JSON', text: { en: 'is no JSON', zh: '不是 JSON' }, errors: [] } },
      { kind: 'invalid', reason: 'is no JSON' },
    ],
  ] as [Partial<Job>, object][])('of %j is %j', (part, expected) => {
    expect(nextFireOf(job(part))).toEqual(expected);
  });
});

it.each([
  [{ team: 'pay' }, 'pay', 'team=pay'],
  [{ team: '财务' }, '财务', 'team=财务'],
  [{ critical: '' }, 'critical', 'critical'],
  [{ critical: 'yes' }, 'critical', 'critical=yes'],
  [{ tier: '1' }, 'tier=1', 'tier=1'],
])('shows the label %j as %s', (labels, text, filter) => {
  expect(labelsOf({ labels })).toEqual([{ text, filter }]);
});

it.each([
  ['Every day at 01:00 (Asia/Shanghai)', 'Asia/Shanghai', 'Every day at 01:00'],
  ['每天 01:00（UTC）', 'UTC', '每天 01:00'],
  ['Every 5 minutes', 'UTC', 'Every 5 minutes'],
  ['Every day at 01:00 (UTC)', undefined, 'Every day at 01:00 (UTC)'],
])('says the zone of "%s" once', (words, zone, expected) => {
  expect(withoutZone(words, zone)).toBe(expected);
});

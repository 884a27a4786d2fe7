import { describe, expect, it } from 'vitest';
import { elapsedMs, headingOf } from './heading';

const START = '2026-11-21T01:00:00.000Z';
const NOW = Date.parse('2026-11-21T01:03:12.000Z');
const ran = { count: 1, startTime: START, endTime: '2026-11-21T01:03:12.000Z', durationMs: 192_000 } as const;

describe('the heading of a run', () => {
  it.each([
    ['succeeded', { ...ran, status: 'succeeded', exitCode: 0 }, { key: 'succeeded', ms: 192_000 }],
    ['failed with a code', { ...ran, status: 'failed', exitCode: 2 }, { key: 'failedExit', ms: 192_000, code: 2 }],
    ['failed by a signal', { ...ran, status: 'failed', signal: 'SIGSEGV' }, { key: 'failedSignal', signal: 'SIGSEGV' }],
    ['could not be started', { count: 1, status: 'failed' }, { key: 'failedStart' }],
    ['timed out', { ...ran, status: 'timedOut' }, { key: 'timedOut', ms: 192_000 }],
    ['killed', { ...ran, status: 'killed', killedBy: 'ann' }, { key: 'killed', ms: 192_000 }],
    ['killed before it started', { count: 1, status: 'killed' }, { key: 'killedQueued' }],
    ['lost', { ...ran, status: 'lost' }, { key: 'lost' }],
    ['running', { count: 1, status: 'running', startTime: START }, { key: 'running', ms: 192_000 }],
    ['being killed', { count: 1, status: 'running', startTime: START, killedBy: 'ann' }, { key: 'beingKilled' }],
    ['queued', { count: 1, status: 'queued' }, { key: 'queued' }],
    ['eight fires missed', { count: 8, status: 'missed' }, { key: 'missed', count: 8 }],
  ] as const)('%s', (_name, run, expected) => {
    expect(headingOf(run, NOW)).toMatchObject(expected);
  });

  it('never counts time backwards', () => {
    expect(elapsedMs({ status: 'running', startTime: START }, Date.parse(START) - 500)).toBe(0);
  });
});

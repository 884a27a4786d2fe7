import { describe, expect, it } from 'vitest';
import { parseJobDocument } from '../job/parse-job-document.js';
import type { RunEntry, RunResult } from '../store/run-entry.js';
import { nextAttempt, WORKER_SHUTDOWN } from './retry.js';

const NOW = 1_000_000;

const entry = (fields: Partial<RunEntry> = {}): RunEntry => ({
  worker: 'w',
  session: 's',
  sessionRevision: 1,
  runId: 'r.1',
  jobName: 'job',
  state: 'running',
  trigger: 'schedule',
  scheduledTime: 500_000,
  claimedAt: 500_001,
  attempt: 1,
  rootRunId: 'r.1',
  jobRevision: 3,
  jobGeneration: 2,
  cursorResets: 0,
  gap: [],
  ...fields,
});
const job = (fields: object) => parseJobDocument({ name: 'job', command: 'false', ...fields }).job;
const next = (fields: object, result: RunResult, of: Partial<RunEntry> = {}) =>
  nextAttempt(entry(of), 7, result, job(fields), NOW);

const FAILED: RunResult = { status: 'failed', exitCode: 2 };
const LOST: RunResult = { status: 'lost', reason: 'workerDied' };
const TWICE = { retry: { limit: 2, delaySeconds: 10, factor: 3, maxDelaySeconds: 25 } };

describe('the next attempt', () => {
  it.each<[string, object, RunResult, Partial<RunEntry>, boolean]>([
    ['of a failed run that asks for none', {}, FAILED, {}, false],
    ['of a failed run', TWICE, FAILED, {}, true],
    ['of one that took too long', TWICE, { status: 'timedOut' }, {}, true],
    ['of one that succeeded', TWICE, { status: 'succeeded' }, {}, false],
    ['of one that was killed', TWICE, { status: 'killed' }, {}, false],
    ['of one that failed under a kill', TWICE, FAILED, { kill: { by: 'ann', why: 'enough', at: 1 } }, false],
    ['after the last', TWICE, FAILED, { attempt: 3 }, false],
    ['on a listed exit code', { retry: { limit: 1, onExitCodes: [2] } }, FAILED, {}, true],
    ['on another exit code', { retry: { limit: 1, onExitCodes: [3] } }, FAILED, {}, false],
    ['of a lost run that is only recorded', TWICE, LOST, {}, false],
    ['of a lost run that asks for it', { onLost: 'retry' }, LOST, {}, true],
    ['of a run lost twice', { onLost: 'retry' }, LOST, { attempt: 2 }, false],
    [
      'of one that its worker ended to stop',
      { onLost: 'retry' },
      { status: 'killed', reason: WORKER_SHUTDOWN },
      { kill: { by: 'w', why: WORKER_SHUTDOWN, at: 1 } },
      true,
    ],
    [
      'of one that somebody killed with the words of a worker that stops',
      { onLost: 'retry' },
      { status: 'killed', reason: WORKER_SHUTDOWN },
      { kill: { by: 'ann', why: WORKER_SHUTDOWN, at: 1 } },
      false,
    ],
  ])('%s', (_, fields, result, of, expected) => {
    expect(next(fields, result, of) !== undefined).toBe(expected);
  });

  it('waits longer each time, up to the longest delay', () => {
    expect([1, 2].map((attempt) => (next(TWICE, FAILED, { attempt })?.notBefore ?? 0) - NOW)).toEqual([10_000, 25_000]);
  });

  it('is asked for by whoever asked for the first, with the same parameters', () => {
    const params = { day: '2' };
    expect(next(TWICE, FAILED, { requestedBy: 'ann', params })).toMatchObject({ by: 'ann', params });
    expect(next(TWICE, FAILED)).not.toHaveProperty('by');
  });

  it('is for the same fire, under its own id', () => {
    expect(next(TWICE, FAILED)).toMatchObject({
      runId: 'r.2',
      rootRunId: 'r.1',
      attempt: 2,
      scheduledTime: 500_000,
      trigger: 'retry',
      jobGeneration: 2,
    });
  });
});

import { describe, expect, it } from 'vitest';
import type { KillMark } from '../store/run-entry.js';
import type { RunEnd } from './run-host.js';
import { resultOfEnd, resultOfRefusal } from './run-result.js';

const KILL: KillMark = { by: 'ann', why: 'enough', at: 1 };
const end = (fields: Partial<RunEnd>): RunEnd => ({
  runId: 'r',
  startTime: 1,
  endTime: 2,
  outputBytes: 0,
  outputTruncated: false,
  outputTail: '',
  errTail: '',
  ...fields,
});

describe('what the end of a process means', () => {
  it.each<[Partial<RunEnd>, KillMark | undefined, object]>([
    [{ exitCode: 0 }, undefined, { status: 'succeeded' }],
    [{ exitCode: 75 }, undefined, { status: 'succeeded' }],
    [{ exitCode: 3 }, undefined, { status: 'failed', reason: 'exit: 3' }],
    [{ exitCode: 127 }, undefined, { status: 'failed', reason: 'exit: 127' }],
    [{ signal: 'SIGSEGV' }, undefined, { status: 'failed', reason: 'signal: SIGSEGV' }],
    [{ signal: 'SIGKILL', killedFor: 'timeout' }, undefined, { status: 'timedOut' }],
    [{ signal: 'SIGTERM', killedFor: 'asked' }, KILL, { status: 'killed', reason: 'enough', killedBy: 'ann' }],
    [{ exitCode: 0, killedFor: 'asked' }, KILL, { status: 'killed' }],
    // It ended by itself before the kill arrived.
    [{ exitCode: 0 }, KILL, { status: 'succeeded' }],
    [{ killedFor: 'ownership' }, undefined, { status: 'lost', reason: 'ownershipEnded' }],
    [{ killedFor: 'hostDied' }, undefined, { status: 'lost', reason: 'supervisorDied' }],
  ])('%j', (facts, kill, expected) => {
    expect(resultOfEnd(end(facts), { successExitCodes: [0, 75] }, kill)).toMatchObject(expected);
  });
});

describe('what it means that nothing was started', () => {
  it.each([
    ['tooLate', { status: 'missed', reason: 'notStarted: why' }],
    ['journal', { status: 'missed' }],
    ['closing', { status: 'missed' }],
    ['spawn', { status: 'failed', reason: 'spawn: why' }],
    ['killed', { status: 'killed', killedBy: 'ann' }],
  ] as const)('%s', (why, expected) => {
    expect(resultOfRefusal({ runId: 'r', why, detail: 'why' }, 9, KILL)).toMatchObject({ ...expected, endTime: 9 });
  });
});

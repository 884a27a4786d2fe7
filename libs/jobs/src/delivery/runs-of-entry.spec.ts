import { describe, expect, it } from 'vitest';
import { entryOf, START } from '../../../../test/support/jobs-fixture.js';
import { fireRunId } from '../policy/run-id.js';
import type { Stretch } from '../store/run-entry.js';
import { runOfEntry, runsOfEntry } from './runs-of-entry.js';

const MINUTE = 60_000;
const T = START + 60 * MINUTE;
const facts = { workerIp: '10.0.0.1', command: 'true' };

const gapOf = (changes: Partial<Stretch> = {}): Stretch => {
  const to = T - MINUTE;
  return { from: to - 4 * MINUTE, to, count: 5, status: 'missed', reason: 'deadline', ...changes };
};
const idOf = (scheduledTime: number): string => fireRunId({ jobName: 'tick', generation: 1, scheduledTime, resets: 0 });

describe('the records of a decision', () => {
  it('are one run where nothing was left behind', () => {
    expect(runsOfEntry(entryOf({ scheduledTime: T }), facts)).toEqual([
      {
        id: 'run-1',
        jobName: 'tick',
        trigger: 'schedule',
        status: 'running',
        scheduledTime: T,
        count: 1,
        claimedAt: START,
        attempt: 1,
        rootRunId: 'run-1',
        jobRevision: 1,
        worker: 'w1',
        ...facts,
      },
    ]);
  });

  it('are the stretches before it, each under the id of its last fire, and the run', () => {
    const gap = [gapOf({ from: START, to: START + MINUTE, count: 2, status: 'skipped', reason: 'edited' }), gapOf()];
    const result = { status: 'succeeded', startTime: T, endTime: T + 5 } as const;
    const runs = runsOfEntry(entryOf({ scheduledTime: T, state: 'finished', gap, result }), facts);
    expect(runs).toMatchObject([
      { id: idOf(START + MINUTE), status: 'skipped', reason: 'edited', count: 2, untilTime: START + MINUTE },
      { id: idOf(T - MINUTE), status: 'missed', count: 5, scheduledTime: T - 5 * MINUTE, untilTime: T - MINUTE },
      { id: 'run-1', status: 'succeeded', scheduledTime: T, count: 1 },
    ]);
    // What was not run has no command and no attempt but its first.
    expect(runs[0]).not.toHaveProperty('command');
    expect(runs[1]).toMatchObject({ attempt: 1, rootRunId: idOf(T - MINUTE), claimedAt: START, worker: 'w1' });
  });

  it.each<[string, Partial<Stretch>, object, object[]]>([
    [
      'the same end is one stretch up to it',
      {},
      {},
      [{ id: 'run-1', count: 6, scheduledTime: T - 5 * MINUTE, untilTime: T }],
    ],
    ['another reason stands apart', { reason: 'superseded' }, {}, [{ count: 5 }, { count: 1, scheduledTime: T }]],
    ['another status stands apart', { status: 'skipped' }, {}, [{ count: 5 }, { count: 1, scheduledTime: T }]],
    ['a single fire before it makes two', { from: T - MINUTE, count: 1 }, {}, [{ count: 2, untilTime: T }]],
    ['an unknown number stays unknown', { count: 0 }, {}, [{ id: 'run-1', count: 0, untilTime: T }]],
  ])('say it once: %s', (_what, stretch, changes, expected) => {
    const result = { status: 'missed', reason: 'deadline' } as const;
    const entry = entryOf({ scheduledTime: T, state: 'finished', gap: [gapOf(stretch)], result, ...changes });
    const runs = runsOfEntry(entry);
    expect(runs).toHaveLength(expected.length);
    expect(runs).toMatchObject(expected);
  });

  it('fold in the last stretch alone', () => {
    const gap = [gapOf({ from: START, to: START, count: 1, reason: 'deadline' }), gapOf()];
    const result = { status: 'missed', reason: 'deadline' } as const;
    const runs = runsOfEntry(entryOf({ scheduledTime: T, state: 'finished', gap, result }));
    expect(runs).toMatchObject([
      { id: idOf(START), count: 1 },
      { id: 'run-1', count: 6 },
    ]);
    expect(runs[0]).not.toHaveProperty('untilTime');
  });

  it('have ids of their own once the cursor was set back', () => {
    const [run] = runsOfEntry(entryOf({ scheduledTime: T, gap: [gapOf()], cursorResets: 2 }));
    expect(run?.id).toBe(fireRunId({ jobName: 'tick', generation: 1, scheduledTime: T - MINUTE, resets: 2 }));
    expect(run?.id).not.toBe(idOf(T - MINUTE));
  });
});

describe('the record of a run', () => {
  it('has the result with its output where one is given, and who asked for a kill', () => {
    const entry = entryOf({ kill: { by: 'ann', why: 'stuck', at: START }, startTime: START + 3, state: 'running' });
    const result = {
      status: 'killed',
      reason: 'stuck',
      output: 'bye',
      startTime: START + 3,
      endTime: START + 9,
    } as const;
    expect(runOfEntry(entry, facts, result)).toMatchObject({ ...result, killedBy: 'ann', command: 'true' });
    expect(runOfEntry(entry, facts)).toMatchObject({ status: 'running', startTime: START + 3, killedBy: 'ann' });
  });

  it('says with what it was asked for, by whom, and with which fence it ran', () => {
    const entry = entryOf({ params: { day: '2' }, requestedBy: 'ann' });
    const asked = { params: { day: '2' }, requestedBy: 'ann' };
    expect(runOfEntry(entry, { fence: '0000-1' })).toMatchObject({ ...asked, fence: '0000-1' });
    const cancelled = runOfEntry(entry, { fence: '0000-1' }, { status: 'cancelled' });
    expect(cancelled).toMatchObject(asked);
    expect(cancelled).not.toHaveProperty('fence');
    expect(runOfEntry(entryOf({ params: {} }))).not.toHaveProperty('params');
  });

  it('names no command where none was started', () => {
    const result = { status: 'missed', reason: 'notStarted', endTime: START } as const;
    expect(runOfEntry(entryOf(), facts, result)).not.toHaveProperty('command');
  });
});

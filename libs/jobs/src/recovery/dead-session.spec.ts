import { describe, expect, it } from 'vitest';
import {
  definitionOf,
  endOf,
  entryOf,
  type JobFields,
  JobsFixture,
  START,
} from '../../../../test/support/jobs-fixture.js';
import type { Job } from '../job/job.js';
import type { RunEnd, Testimony } from '../running/run-host.js';
import type { RunEntry, RunResult } from '../store/run-entry.js';
import { findOrphans, resultOfTestimony } from './dead-session.js';

const jobOf = (fields: Partial<JobFields> = {}): Job => definitionOf({ name: 'tick', ...fields }).job as Job;
const testimonyOf = (state: Testimony['state'], end?: Partial<RunEnd>): Testimony => ({
  runId: 'run-1',
  jobName: 'tick',
  session: 's1',
  state,
  ...(end ? { end: endOf(end) } : {}),
});
const NOW = START + 5000;

describe('what a testimony makes of a run whose worker is dead', () => {
  const died = { status: 'lost', reason: 'workerDied' } as const;

  it.each<[string, Testimony, Partial<JobFields> | undefined, Partial<RunResult> | undefined]>([
    ['never started', testimonyOf('neverStarted'), {}, undefined],
    ['ended well', testimonyOf('ended', {}), {}, { status: 'succeeded', exitCode: 0, endTime: START + 1000 }],
    ['ended badly', testimonyOf('ended', { exitCode: 2 }), {}, { status: 'failed', reason: 'exit: 2' }],
    [
      'ended as its job calls well',
      testimonyOf('ended', { exitCode: 2 }),
      { successExitCodes: [2] },
      { status: 'succeeded' },
    ],
    ['ended well, its job gone', testimonyOf('ended', {}), undefined, { status: 'succeeded' }],
    ['ended by its timeout', testimonyOf('ended', { killedFor: 'timeout' }), {}, { status: 'timedOut' }],
    [
      'ended by its worker as that stopped, which the store never heard of',
      testimonyOf('ended', { killedFor: 'asked' }),
      {},
      { status: 'killed', reason: 'workerShutdown' },
    ],
    ['ended, nobody knows how', testimonyOf('ended'), {}, { ...died, endTime: NOW }],
    ['killed with its worker', testimonyOf('killed', {}), {}, { ...died, startTime: START, endTime: START + 1000 }],
    ['killed, nobody knows when', testimonyOf('killed'), {}, { ...died, endTime: NOW }],
    ['it may have started', testimonyOf('mayHaveStarted'), {}, { ...died, endTime: NOW }],
  ])('%s', (_what, testimony, fields, expected) => {
    const result = resultOfTestimony(testimony, fields && jobOf(fields), undefined, NOW);
    if (expected) expect(result).toMatchObject(expected);
    else expect(result).toBeUndefined();
  });

  it('says who killed it, and why', () => {
    const kill = { by: 'ann', why: 'stuck', at: NOW };
    const result = resultOfTestimony(testimonyOf('ended', { killedFor: 'asked' }), jobOf(), kill, NOW);
    expect(result).toMatchObject({ status: 'killed', reason: 'stuck', killedBy: 'ann' });
  });

  it('gives a run without a known start none', () => {
    expect(resultOfTestimony(testimonyOf('mayHaveStarted'), jobOf(), undefined, NOW)).not.toHaveProperty('startTime');
  });
});

describe('a run of a dead session', () => {
  it('is found among those of the living and those of others', async () => {
    const room = new JobsFixture();
    const orphan = (changes: Partial<RunEntry>): Promise<number> => room.putRun(entryOf(changes));
    await orphan({ runId: 'a', session: 's1' });
    await orphan({ runId: 'b', session: 's2' });
    await orphan({ runId: 'c', session: 's1', worker: 'w2' });
    await orphan({ runId: 'd', session: 's1', state: 'finished', result: { status: 'succeeded' } });
    await room.put(room.keys.run('tick', 'e'), 'garbage');
    const isDead = (session: string, worker: string): boolean => session === 's1' && worker === 'w1';
    const told = { ...testimonyOf('ended', {}), runId: 'a' };
    const found = await findOrphans(room.store, room.keys, isDead, [told]);
    expect(found.map(({ stored, testimony }) => [stored.entry.runId, testimony])).toEqual([
      ['a', told],
      ['d', undefined],
    ]);
    const entry = await room.store.get(room.keys.run('tick', 'a'));
    expect(found[0]).toMatchObject({
      stored: { modRevision: entry?.modRevision },
      fenceRevision: entry?.createRevision,
    });
    await room.close();
  });
});

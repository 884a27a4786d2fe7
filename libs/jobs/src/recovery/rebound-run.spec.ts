import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import type { Testimony } from '../running/run-host.js';
import { findOrphans } from './dead-session.js';
import { speakLastWords } from './last-words.js';

/** The store has bound the run to the worker's second session, and the worker died before it could say so. */
describe('a run that was bound to the next session shortly before its worker died', () => {
  let room: JobsFixture;
  const run = entryOf({ state: 'running', session: 'second', sessionRevision: 9 });
  const testimony: Testimony = { runId: run.runId, jobName: run.jobName, session: 'first', state: 'mayHaveStarted' };

  beforeEach(async () => {
    room = new JobsFixture();
    await room.start();
    await room.putJob({ name: run.jobName });
    await room.putRun(run);
  });

  afterEach(() => room.close());

  it('is known to the journal, which names its first session', async () => {
    const orphans = await findOrphans(room.store, room.keys, (session) => session === 'second', [testimony]);
    expect(orphans).toMatchObject([{ stored: { entry: run }, testimony }]);
  });

  it('is lost by the last words of its worker, and not said to have never started', async () => {
    const words = { session: 'second', workerId: run.worker, proven: true, isWhole: true, runs: [testimony] };
    const { store, keys, clock, stopping } = room;
    await speakLastWords(store, keys, clock, silentLog, words, stopping.signal);
    expect(await room.runOf(run.jobName, run.runId)).toMatchObject({
      state: 'finished',
      result: { status: 'lost', reason: 'workerDied', endTime: START },
    });
  });
});

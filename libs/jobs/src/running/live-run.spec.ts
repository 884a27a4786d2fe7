import { expect, it } from 'vitest';
import { entryOf } from '../../../../test/support/jobs-fixture.js';
import { LiveRun } from './live-run.js';

it('what was noted of a run while a write of it was on its way stays when that is answered', () => {
  const entry = entryOf({ state: 'claimed' });
  const run = new LiveRun({ entry, modRevision: 5 }, 5, {} as never);
  run.note({ state: 'running', pid: 42, startTime: 1_000 });
  run.written({ ...entry, session: 's2' }, 6);
  expect(run.entry).toMatchObject({ session: 's2', state: 'running', pid: 42, startTime: 1_000 });
  run.written({ ...run.entry, state: 'finished' }, 7);
  expect(run.entry.state).toBe('finished');
});

import { type Run } from '@app/jobs';
import type { HistoryStore } from '@app/logs';
import { expect, it } from 'vitest';
import type { LiveRuns } from '../ports/live-runs.js';
import { readFireRecords } from './fire-records.js';

it('finds a run that goes from the live ones to history while it looks', async () => {
  const run = { id: 'r1', jobName: 'tick', status: 'running', scheduledTime: 5 } as Run;
  let live = [run];
  // Asked before the record was there, and answers after the live run has gone.
  const findFires = async (): Promise<readonly Run[]> => {
    live = [];
    return [];
  };
  const history = { findFires } as unknown as HistoryStore;
  const liveRuns = { list: () => live } as unknown as LiveRuns;
  const { records } = await readFireRecords(history, liveRuns, 'tick', { from: 0, to: 10 }, 100);
  expect(records).toEqual([run]);
});

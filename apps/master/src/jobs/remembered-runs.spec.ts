import { Run } from '@app/jobs';
import { HistoryStore } from '@app/logs';
import { ManualClock } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { LiveRuns } from '../ports/live-runs.js';
import { RememberedRuns } from './remembered-runs.js';

describe('the newest runs of jobs', () => {
  let asked: [names: readonly string[], perJob: number][];
  let revisions: Map<string, number>;
  let clock: ManualClock;
  let runs: RememberedRuns;

  const run = (id: string): Run => ({ id, jobName: id.slice(0, 1) }) as Run;
  const history = {
    findLastRuns: async (names: readonly string[], perJob: number) => {
      asked.push([names, perJob]);
      const found = Array.from({ length: perJob }, (_, index) => index);
      return new Map(names.filter((name) => name !== 'none').map((name) => [name, found.map((n) => run(name + n))]));
    },
  } as unknown as HistoryStore;
  const live = { revisionOf: (name: string) => revisions.get(name) ?? 0 } as unknown as LiveRuns;

  beforeEach(() => {
    asked = [];
    revisions = new Map();
    clock = new ManualClock();
    runs = new RememberedRuns(history, live, clock);
  });

  it('are asked for once while nothing is heard of the job, whether it has any or none', async () => {
    const first = await runs.find(['a', 'none'], 2);
    expect(first).toEqual(
      new Map([
        ['a', [run('a0'), run('a1')]],
        ['none', []],
      ]),
    );
    expect(await runs.find(['a', 'none'], 2)).toEqual(first);
    expect((await runs.find(['a'], 1)).get('a')).toEqual([run('a0')]);
    expect(asked).toEqual([[['a', 'none'], 2]]);
  });

  it('are asked for again, of this job alone, once something is heard of it, or more are wanted', async () => {
    await runs.find(['a', 'b'], 1);
    revisions.set('b', 1);
    await runs.find(['a', 'b'], 1);
    await runs.find(['a', 'b'], 3);
    expect(asked.slice(1)).toEqual([
      [['b'], 1],
      [['a', 'b'], 3],
    ]);
  });

  it('are asked for again when something was heard while history was being asked', async () => {
    const asking = runs.find(['a'], 1);
    revisions.set('a', 1);
    await asking;
    await runs.find(['a'], 1);
    expect(asked).toHaveLength(2);
  });

  it('are asked for again after a while all the same', async () => {
    await runs.find(['a'], 1);
    await clock.advanceAsync(10_000);
    await runs.find(['a'], 1);
    expect(asked).toHaveLength(2);
  });

  it('are asked for every time where nobody hears of runs', async () => {
    const deaf = new RememberedRuns(history, {} as LiveRuns, clock);
    await deaf.find(['a'], 1);
    await deaf.find(['a'], 1);
    expect(asked).toHaveLength(2);
  });
});

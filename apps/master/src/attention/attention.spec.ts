import { Run } from '@app/jobs';
import { ManualClock } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpFace } from '../../../../test/support/http-face.js';

const NOW = Date.UTC(2026, 0, 2, 12);
const HOUR = 3_600_000;

let made = 0;
function run(facts: Partial<Run>): Run {
  made += 1;
  const id = facts.id ?? `run-${made}`;
  const basics = { jobName: 'job', trigger: 'schedule', status: 'failed', count: 1, attempt: 1 } as const;
  return { ...basics, id, rootRunId: id, scheduledTime: NOW - HOUR, ...facts };
}

describe('what needs a look', () => {
  let face: HttpFace;

  beforeEach(async () => {
    face = await HttpFace.start({ clock: new ManualClock({ now: NOW }) });
  });
  afterEach(() => face.close());

  const look = async (query = '') => (await face.call('GET', `/api/v1/attention${query}`)).json.items;
  const write = (...runs: Run[]) => face.parts.history.writeRuns(runs);

  it('is grouped by job and outcome, newest first', async () => {
    await write(
      run({ id: 'a1', jobName: 'a', scheduledTime: NOW - 3 * HOUR, reason: 'exit: 1' }),
      run({ id: 'a2', jobName: 'a', scheduledTime: NOW - 2 * HOUR, reason: 'exit: 2' }),
      run({ jobName: 'a', status: 'timedOut', scheduledTime: NOW - 4 * HOUR }),
      run({ jobName: 'b', status: 'lost', scheduledTime: NOW - HOUR }),
      run({ jobName: 'c', status: 'succeeded' }),
      run({ jobName: 'd', status: 'skipped' }),
    );
    const items = await look();
    expect(items.map((item: Item) => `${item.jobName} ${item.status} ${item.count}`)).toEqual([
      'b lost 1',
      'a failed 2',
      'a timedOut 1',
    ]);
    expect(items[1]).toMatchObject({
      firstAt: '2026-01-02T09:00:00.000Z',
      lastAt: '2026-01-02T10:00:00.000Z',
      isAtLeast: false,
      isRecovered: false,
      latestRun: { id: 'a2', reasonText: { en: 'exit code 2' } },
    });
  });

  it('counts every fire of a stretch, one that began before the window too', async () => {
    const stretch = { status: 'missed', scheduledTime: NOW - 40 * HOUR, untilTime: NOW - HOUR, count: 40 } as const;
    await write(run(stretch), run({ status: 'missed', scheduledTime: NOW - HOUR / 2 }));
    await write(run({ jobName: 'old', status: 'missed', scheduledTime: NOW - 40 * HOUR }));
    expect(await look()).toMatchObject([{ jobName: 'job', count: 41, lastAt: '2026-01-02T11:30:00.000Z' }]);
  });

  it('comes last, and says so, where the job has succeeded since', async () => {
    await write(
      run({ jobName: 'healed', scheduledTime: NOW - HOUR / 2 }),
      run({ jobName: 'healed', status: 'succeeded', scheduledTime: NOW - HOUR / 4 }),
      run({ jobName: 'healed', status: 'skipped', scheduledTime: NOW - HOUR / 8 }),
      run({ jobName: 'ill', status: 'succeeded', scheduledTime: NOW - 2 * HOUR }),
      run({ jobName: 'ill' }),
    );
    expect((await look()).map((item: Item) => [item.jobName, item.isRecovered])).toEqual([
      ['ill', false],
      ['healed', true],
    ]);
  });

  it.each([
    ['zz-first', 'aa-second'],
    ['aa-first', 'zz-second'],
  ])('takes a retry that succeeded as a recovery, whatever their ids', async (first, second) => {
    const retry = { id: second, attempt: 2, rootRunId: first, trigger: 'retry', status: 'succeeded' } as const;
    await write(run({ id: first }), run(retry));
    expect(await look()).toMatchObject([{ latestRun: { id: first }, isRecovered: true }]);
  });

  it('looks back as far as it is asked to', async () => {
    await write(run({ scheduledTime: NOW - 30 * HOUR }));
    expect(await look()).toEqual([]);
    expect(await look('?window=2d')).toHaveLength(1);
    expect((await face.call('GET', '/api/v1/attention?window=1y')).status).toBe(400);
  });

  it('reads a bounded number of records and says when there are more', async () => {
    await write(...Array.from({ length: 600 }, (_, i) => run({ scheduledTime: NOW - HOUR - i * 1000 })));
    expect(await look()).toMatchObject([{ count: 500, isAtLeast: true }]);
  });

  it('gives a hundred groups at most', async () => {
    await write(...Array.from({ length: 120 }, (_, i) => run({ jobName: `job-${i}` })));
    expect(await look()).toHaveLength(100);
  });
});

interface Item {
  readonly jobName: string;
  readonly status: string;
  readonly count: number;
  readonly isRecovered: boolean;
}

import { Run } from '@app/jobs';
import { describe, expect, it } from 'vitest';
import { sampleRun, sampleStretch, stillRunning, T0 } from './samples.js';
import { StoreUnderTest } from './store-under-test.js';

/** Writing and reading single records. */
export function recordContract(store: StoreUnderTest): void {
  describe('records', () => {
    it('gives back a run as it was written, every field of it', async () => {
      const run = sampleRun({
        id: 'r1',
        trigger: 'shard',
        status: 'killed',
        reason: 'killed: by ann',
        signal: 'SIGKILL',
        err: 'no\n',
        shard: 3,
        attempt: 2,
        rootRunId: 'r0',
        killedBy: 'ann',
        params: { day: '2', note: '$set' },
        requestedBy: 'token:ci',
        fence: '0000-0000000000000042',
        late: true,
        notBefore: 1_700_000_000_123,
        untilTime: 1_700_000_000_456,
        workerIp: '10.0.0.7',
      });
      await store().writeRuns([run]);
      expect(await store().findRun('r1')).toEqual(run);
    });

    it('knows nothing of an id that was never written', async () => {
      expect(await store().findRun('nope')).toBeUndefined();
    });

    it('takes an empty batch', async () => {
      await store().writeRuns([]);
      await store().writeOutput([]);
    });

    it('replaces a running record by its end', async () => {
      const run = sampleRun({ id: 'r1' });
      await store().writeRuns([stillRunning(run)]);
      await store().writeRuns([run]);
      expect(await store().findRun('r1')).toEqual(run);
    });

    it.each<[string, Partial<Run>, Partial<Run>]>([
      ['running after succeeded', { status: 'succeeded' }, { status: 'running' }],
      ['queued after running', { status: 'running' }, { status: 'queued' }],
      ['failed after succeeded', { status: 'succeeded' }, { status: 'failed' }],
      ['lost after succeeded', { status: 'succeeded' }, { status: 'lost' }],
      ['a late result after killed', { status: 'killed' }, { status: 'succeeded', late: true }],
      ['an ordinary result after lost', { status: 'lost' }, { status: 'succeeded' }],
      ['a second late result', { status: 'failed', late: true }, { status: 'succeeded', late: true }],
      ['lost after a late result', { status: 'failed', late: true }, { status: 'lost' }],
      ['a late running after lost', { status: 'lost' }, { status: 'running', late: true }],
    ])('keeps the first: %s', async (_, first, second) => {
      await store().writeRuns([sampleRun({ id: 'r1', ...first })]);
      await store().writeRuns([sampleRun({ id: 'r1', ...second, reason: 'second' })]);
      expect(await store().findRun('r1')).toEqual(sampleRun({ id: 'r1', ...first }));
    });

    it('corrects a lost run by its late truth, once', async () => {
      const lost = sampleRun({ id: 'r1', status: 'lost', reason: 'workerDied', endTime: T0 + 60_000 });
      const truth = sampleRun({ id: 'r1', status: 'succeeded', late: true });
      await store().writeRuns([lost]);
      await store().writeRuns([truth]);
      await store().writeRuns([lost]);
      expect(await store().findRun('r1')).toEqual(truth);
    });

    it('has the same end told again by the worker that ran it, and keeps what it told', async () => {
      const whole = sampleRun({ id: 'r1', status: 'failed', exitCode: 3, output: 'what it said\n' });
      const { command, output, fence, workerIp, ...byOthers } = whole;
      await store().writeRuns([byOthers]);
      await store().writeRuns([
        { ...whole, status: 'succeeded' },
        { ...whole, late: true },
      ]);
      expect(await store().findRun('r1'), 'another end').toEqual(byOthers);
      await store().writeRuns([whole]);
      await store().writeRuns([byOthers]);
      expect(await store().findRun('r1')).toEqual(whole);
    });

    it('settles several records of one run in one batch as if they came one by one', async () => {
      const run = sampleRun({ id: 'r1' });
      await store().writeRuns([stillRunning(run), run, stillRunning(run), { ...run, status: 'failed' }]);
      expect(await store().findRun('r1')).toEqual(run);
    });

    it('changes nothing when a batch is written again', async () => {
      const runs = [
        sampleRun({ id: 'r1' }),
        sampleStretch('r2', T0, T0 + 60_000, 7),
        sampleRun({ id: 'r3', status: 'lost' }),
      ];
      await store().writeRuns(runs);
      await store().writeRuns(runs);
      await store().writeRuns([sampleRun({ id: 'r4' }), ...runs]);
      expect((await store().findRuns({}, 10)).items).toHaveLength(4);
      for (const run of runs) expect(await store().findRun(run.id)).toEqual(run);
    });

    it('settles a batch of known and new records, each by its own state', async () => {
      const ids = Array.from({ length: 50 }, (_, index) => `r${index}`);
      await store().writeRuns(ids.slice(0, 25).map((id) => stillRunning(sampleRun({ id }))));
      await store().writeRuns(ids.map((id) => sampleRun({ id })));
      expect((await store().findRuns({ statuses: ['succeeded'] }, 100)).items).toHaveLength(50);
    });

    it('lets two writers end one run, and keeps one of the ends whole', async () => {
      await store().writeRuns([stillRunning(sampleRun({ id: 'r1' }))]);
      const ends = [sampleRun({ id: 'r1', worker: 'w1' }), sampleRun({ id: 'r1', status: 'lost', worker: 'w2' })];
      await Promise.all(ends.map((end) => store().writeRuns([end])));
      expect(ends).toContainEqual(await store().findRun('r1'));
    });

    it('takes any text: dollars, dots, emoji, NUL, markup, a kept end of invalid UTF-8', async () => {
      const hostile = sampleRun({
        id: '$where.r1',
        jobName: '$gt.日报.é',
        reason: 'exit:2 {"$ne": null}',
        output: 'a\0b <script>alert(1)</script> \u001b]52;c;aGk=\u0007 😀',
        err: Buffer.from([0xff, 0xfe, 0x41]).toString('utf8'),
        command: "'; DROP TABLE runs; --",
        worker: '__proto__',
        killedBy: 'constructor',
      });
      await store().writeRuns([hostile]);
      expect(await store().findRun('$where.r1')).toEqual(hostile);
      expect((await store().findRuns({ jobNames: ['$gt.日报.é'], worker: '__proto__' }, 10)).items).toEqual([hostile]);
    });

    it('takes half a surrogate pair, as itself or as the replacement character', async () => {
      await store().writeRuns([sampleRun({ id: 'r1', output: 'cut \ud83d' })]);
      expect(['cut \ud83d', 'cut \ufffd']).toContain((await store().findRun('r1'))?.output);
    });

    it('keeps instants to the millisecond from 1970 to 9999', async () => {
      const runs = [0, 253_402_300_799_999].map((scheduledTime) =>
        sampleRun({ id: `at${scheduledTime}`, scheduledTime }),
      );
      await store().writeRuns(runs);
      expect((await store().findRuns({}, 10)).items).toEqual(runs.toReversed());
    });
  });
}

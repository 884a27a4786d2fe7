import { Run } from '@app/jobs';
import { InvalidInput } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { HistoryStore, RunFilter, RunQuery } from '../port/history-store.js';
import { sampleRun, sampleStretch, stillRunning, T0 } from './samples.js';
import { StoreUnderTest } from './store-under-test.js';

const MINUTE = 60_000;

/** Filters, pages, and the lists about jobs. */
export function listContract(store: StoreUnderTest): void {
  describe('lists', () => {
    it('puts the newest scheduled time first, then the greater id', async () => {
      await store().writeRuns([
        sampleRun({ id: 'b', scheduledTime: T0 }),
        sampleRun({ id: 'c', scheduledTime: T0 + 1 }),
        sampleRun({ id: 'd', scheduledTime: T0 }),
        sampleRun({ id: 'a', scheduledTime: T0 + 2 }),
      ]);
      expect(ids((await store().findRuns({}, 10)).items)).toEqual(['a', 'c', 'd', 'b']);
    });

    it.each(FILTERS)('finds exactly what the filter %j holds for', async (filter, holds) => {
      const runs = mixedRuns();
      await store().writeRuns(runs);
      const wanted = runs.filter(holds).sort((a, b) => b.scheduledTime - a.scheduledTime);
      expect(ids((await store().findRuns(filter, 500)).items)).toEqual(ids(wanted));
      expect(ids(await allPages(store(), filter, 7))).toEqual(ids(wanted));
      expect(ids(await allPages(store(), { ...filter, oldestFirst: true }, 7))).toEqual(ids(wanted).reverse());
    });

    it('is the same list from its other end', async () => {
      await store().writeRuns(
        Array.from({ length: 30 }, (_, index) => sampleRun({ id: `r${index}`, scheduledTime: T0 + (index % 5) })),
      );
      for (const filter of [{}, { search: 'done', from: T0 + 1, to: T0 + 4 }, { jobNames: ['backup', 'other'] }]) {
        const newestFirst = ids(await allPages(store(), filter, 4));
        expect(newestFirst.length).toBeGreaterThan(10);
        expect(ids(await allPages(store(), { ...filter, oldestFirst: true }, 4))).toEqual(newestFirst.reverse());
      }
    });

    it('pages without repeating or losing a run while newer and older ones arrive', async () => {
      const runs = Array.from({ length: 30 }, (_, index) =>
        sampleRun({ id: `r${index}`, scheduledTime: T0 + (index % 5) }),
      );
      await store().writeRuns(runs);
      const first = await store().findRuns({}, 10);
      await store().writeRuns([sampleRun({ id: 'newer', scheduledTime: T0 + MINUTE })]);
      await store().writeRuns([sampleRun({ id: 'older', scheduledTime: T0 - MINUTE })]);
      const rest = await allPages(store(), {}, 10, first.nextCursor);
      const seen = ids([...first.items, ...rest]);
      expect(seen).toHaveLength(31);
      expect(new Set(seen)).toEqual(new Set([...ids(runs), 'older']));
    });

    it('gives no cursor when the last page is exactly full', async () => {
      await store().writeRuns(['a', 'b'].map((id) => sampleRun({ id })));
      expect((await store().findRuns({}, 2)).nextCursor).toBeUndefined();
      expect((await store().findRuns({}, 1)).nextCursor).toBeDefined();
    });

    it.each([
      'x',
      '',
      'bnVsbA',
      'W10',
      Buffer.from('[1,{"$gt":""}]').toString('base64url'),
      Buffer.from('["1","a"]').toString('base64url'),
      'A'.repeat(5_000),
    ])('refuses the forged cursor %j', async (cursor) => {
      await expect(store().findRuns({}, 10, cursor)).rejects.toBeInstanceOf(InvalidInput);
    });

    it.each([0, -1, 501, 1.5, Number.NaN, 1e9])('refuses a page of %d', async (limit) => {
      await expect(store().findRuns({}, limit)).rejects.toBeInstanceOf(InvalidInput);
    });

    it.each([
      ['.*', 0],
      ['100%', 1],
      ['a_b', 1],
      ['a\\b', 1],
      ['(paren', 1],
      ['$where', 1],
      ['DISK FULL', 1],
      ['ÉTÉ', 1],
      ['日报', 1],
      ['nul\0inside', 1],
      ['^', 0],
    ])('takes the search text %j literally and whatever its case', async (search, hits) => {
      const texts = [
        '100% done',
        'x a_b x',
        'x a\\b x',
        'an (paren',
        '$where',
        'disk full: /dev/sda',
        "l'été",
        '日报表',
        'nul\0inside',
        'axb',
      ];
      await store().writeRuns(
        texts.map((output, index) => sampleRun({ id: `r${index}`, output, scheduledTime: T0 + index })),
      );
      expect(await allPages(store(), { search }, 500)).toHaveLength(hits);
    });

    it('finds a text in the end, from whichever end of a long history', async () => {
      const runs = Array.from({ length: 2_500 }, (_, n) => sampleRun({ id: `r${n}`, scheduledTime: T0 + n }));
      const hits = [-1, 2_500].map((n) => sampleRun({ id: `hit${n}`, scheduledTime: T0 + n, output: 'needle' }));
      await store().writeRuns([...runs, ...hits]);
      expect(ids(await allPages(store(), { search: 'needle' }, 10))).toEqual(['hit2500', 'hit-1']);
      expect(ids(await allPages(store(), { search: 'needle', oldestFirst: true }, 10))).toEqual(['hit-1', 'hit2500']);
    });

    it('looks for the text in job name, reason, output and err', async () => {
      await store().writeRuns([
        sampleRun({ id: 'a', jobName: 'needle' }),
        sampleRun({ id: 'b', reason: 'a needle' }),
        sampleRun({ id: 'c', output: 'the needle' }),
        sampleRun({ id: 'd', err: 'needles' }),
        sampleRun({ id: 'e', command: 'needle' }),
      ]);
      expect(ids(await allPages(store(), { search: 'needle' }, 2))).toEqual(['d', 'c', 'b', 'a']);
    });

    it('finds the newest ended runs of each job and leaves out jobs without one', async () => {
      await store().writeRuns([
        ...[1, 2, 3].map((n) => sampleRun({ id: `a${n}`, jobName: 'a', scheduledTime: T0 + n })),
        stillRunning(sampleRun({ id: 'a4', jobName: 'a', scheduledTime: T0 + 4 })),
        sampleRun({ id: 'b1', jobName: 'b', status: 'failed' }),
        stillRunning(sampleRun({ id: 'c1', jobName: 'c' })),
      ]);
      const last = await store().findLastRuns(['a', 'b', 'c', 'never'], 2);
      expect(new Map([...last].map(([name, runs]) => [name, ids(runs)]))).toEqual(
        new Map([
          ['a', ['a3', 'a2']],
          ['b', ['b1']],
        ]),
      );
    });

    it('finds the fires of a job that touch a span, stretches by overlap, ascending', async () => {
      await store().writeRuns([
        sampleStretch('long', T0 - 100 * MINUTE, T0 + 2 * MINUTE, 100),
        sampleStretch('over', T0 - 90 * MINUTE, T0 - MINUTE, 90),
        sampleStretch('reaches', T0 - 80 * MINUTE, T0, 80),
        sampleRun({ id: 'first', scheduledTime: T0 }),
        sampleRun({ id: 'second', scheduledTime: T0 + MINUTE }),
        sampleStretch('within', T0 + 2 * MINUTE, T0 + 200 * MINUTE, 3),
        sampleRun({ id: 'at the end', scheduledTime: T0 + 3 * MINUTE }),
        sampleRun({ id: 'other', jobName: 'other' }),
      ]);
      const fires = await store().findFires('backup', T0, T0 + 3 * MINUTE, 100);
      expect(ids(fires)).toEqual(['long', 'reaches', 'first', 'second', 'within']);
      expect(ids(await store().findFires('backup', T0, T0 + 3 * MINUTE, 3))).toEqual(['long', 'reaches', 'first']);
      expect(await store().findFires('backup', T0, T0, 3)).toEqual([]);
    });
  });
}

const FILTERS: [RunFilter, (run: Run) => boolean][] = [
  [{}, () => true],
  [{ jobNames: ['a'] }, (run) => run.jobName === 'a'],
  [{ jobNames: ['a', 'c', 'a', 'nobody'] }, (run) => 'ac'.includes(run.jobName)],
  [{ jobNames: [] }, () => false],
  [{ statuses: [] }, () => false],
  [{ statuses: ['failed'] }, (run) => run.status === 'failed'],
  [{ statuses: ['failed', 'running'] }, (run) => run.status === 'failed' || run.status === 'running'],
  [
    { jobNames: ['b'], statuses: ['failed', 'killed'] },
    (run) => run.jobName === 'b' && /failed|killed/.test(run.status),
  ],
  [{ worker: 'w2' }, (run) => run.worker === 'w2'],
  [{ worker: 'w2', statuses: ['failed'] }, (run) => run.worker === 'w2' && run.status === 'failed'],
  [{ worker: 'w1', jobNames: ['b', 'c'] }, (run) => run.worker === 'w1' && run.jobName !== 'a'],
  [{ triggers: ['manual'] }, (run) => run.trigger === 'manual'],
  [
    { triggers: ['manual', 'retry'], statuses: ['failed'] },
    (run) => run.trigger !== 'schedule' && run.status === 'failed',
  ],
  [{ triggers: ['schedule'], jobNames: ['a'] }, (run) => run.trigger === 'schedule' && run.jobName === 'a'],
  [{ from: T0 + 10 * MINUTE, to: T0 + 20 * MINUTE }, (run) => within(run, 10, 20)],
  [{ jobNames: ['a', 'b'], from: T0 + 10 * MINUTE }, (run) => run.jobName !== 'c' && within(run, 10, 99)],
  [{ statuses: ['succeeded'], to: T0 + 20 * MINUTE }, (run) => run.status === 'succeeded' && within(run, 0, 20)],
  [{ rootRunId: 'r07' }, (run) => run.rootRunId === 'r07'],
  [{ rootRunId: 'r07', statuses: ['failed'] }, (run) => run.rootRunId === 'r07' && run.status === 'failed'],
  [{ search: 'out 3' }, (run) => run.output?.includes('out 3') === true],
  [{ search: 'OUT 3', jobNames: ['a'] }, (run) => run.output?.includes('out 3') === true && run.jobName === 'a'],
  [{ jobNames: Array.from({ length: 100 }, (_, n) => `job${n}`).concat('c') }, (run) => run.jobName === 'c'],
];

function mixedRuns(): Run[] {
  return Array.from({ length: 60 }, (_, index) =>
    sampleRun({
      id: `r${String(index).padStart(2, '0')}`,
      scheduledTime: T0 + index * MINUTE,
      jobName: 'abc'[index % 3],
      status: (['succeeded', 'failed', 'running', 'killed', 'succeeded'] as const)[index % 5],
      worker: `w${index % 4}`,
      trigger: (['schedule', 'manual', 'schedule', 'retry'] as const)[index % 4],
      rootRunId:
        index % 10 === 9 || index % 10 === 8 ? `r${String(index - (index % 10) + 7).padStart(2, '0')}` : undefined,
      output: `out ${index}`,
    }),
  ).map((run) => ({ ...run, rootRunId: run.rootRunId ?? run.id }));
}

function within(run: Run, fromMinute: number, toMinute: number): boolean {
  return run.scheduledTime >= T0 + fromMinute * MINUTE && run.scheduledTime < T0 + toMinute * MINUTE;
}

async function allPages(store: HistoryStore, query: RunQuery, limit: number, cursor?: string): Promise<Run[]> {
  const items: Run[] = [];
  let next = cursor;
  do {
    const page = await store.findRuns(query, limit, next);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    next = page.nextCursor;
  } while (next !== undefined);
  return items;
}

function ids(runs: readonly Run[]): string[] {
  return runs.map((run) => run.id);
}

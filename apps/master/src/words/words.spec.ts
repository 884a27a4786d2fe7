import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJobDocument, RUN_STATUSES, Run } from '@app/jobs';
import { describe, expect, it } from 'vitest';
import { explanationWords } from './explanation-words.js';
import { pauseWords } from './pause-words.js';
import { reasonWords } from './reason-words.js';
import { runWords } from './run-words.js';
import { CLOCK_SUSPECT, WARNING_WORDS, type WarningCode } from './warning-words.js';
import type { Words } from './words.js';

const hour = (h: number): number => Date.UTC(2026, 0, 1, h);
const CHINESE = /\p{Script=Han}/u;
const ENGLISH_WORD = /[A-Za-z]{3,}/;

function run(facts: Partial<Run>): Run {
  const basics = {
    id: 'r',
    jobName: 'job',
    trigger: 'schedule',
    status: 'failed',
    scheduledTime: 0,
    count: 1,
  } as const;
  return { ...basics, attempt: 1, rootRunId: 'r', ...facts };
}

/** Every word the engine writes as a reason, read from its own sources. */
function reasonsWritten(): string[] {
  const files = ['libs/jobs/src', 'apps/worker/src'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const code = files.filter((file) => /\.ts$/.test(file) && !/\.spec\.ts$|jobs\/src\/(import|job|store)\//.test(file));
  const lines = code.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const words = lines
    .filter((line) =>
      /\breason\b|\bwhy ?\?\?|WORKER_SHUTDOWN =|(stretch|missEntry|[lL]eftUndecided|undecidedOperations)\(/.test(line),
    )
    .flatMap((line) => [...line.matchAll(/['`]([a-z][A-Za-z]+)(?=['`:])/g)].map(([, word = '']) => word));
  return [...new Set(words)].filter((word) => !NO_REASONS.has(word)).sort();
}

/** Words that stand on the same lines and mean something else. */
const NO_REASONS: ReadonlySet<string> = new Set([
  ...RUN_STATUSES,
  ...['allow', 'claim', 'count', 'finished', 'miss', 'schedule', 'unknown', 'untilTime'],
]);

describe('the reason of a run', () => {
  it('has words in both languages for everything the engine writes', () => {
    const written = reasonsWritten();
    expect(written).toEqual(expect.arrayContaining(['deadline', 'exit', 'overlap', 'spawn', 'workerShutdown']));
    expect(written.length).toBeGreaterThan(18);
    for (const word of written) {
      const { en, zh } = reasonWords(word);
      expect(en, word).not.toBe(word);
      expect(zh, word).toMatch(CHINESE);
      expect(zh, word).not.toMatch(ENGLISH_WORD);
    }
  });

  it.each<[Partial<Run>, string, string]>([
    [{ reason: 'exit: 2' }, 'exit code 2', '退出码 2'],
    [{ reason: 'signal: SIGSEGV' }, 'ended by the signal SIGSEGV', '被信号 SIGSEGV 终止'],
    [{ reason: 'signal: unknown' }, 'ended by a signal', '被信号终止'],
    [{ status: 'timedOut', reason: 'timeout' }, 'it ran longer than its timeout', '运行时间超过了超时限制'],
    [
      { status: 'skipped', reason: 'overlap: run 01J on w1' },
      'an earlier run was still going and the job does not overlap - run 01J on w1',
      '上一次执行尚未结束，而该任务不允许并发执行（执行节点 w1 上的执行记录 01J）',
    ],
    [
      { status: 'missed', reason: 'notStarted: its time to start passed 12 ms ago' },
      'it was not started - its time to start passed 12 ms ago',
      '未能启动（已错过启动时间 12 毫秒）',
    ],
    [{ status: 'killed', reason: 'hangs', killedBy: 'ann' }, 'killed by ann: hangs', '由 ann 强杀：hangs'],
    [{ status: 'killed', reason: 'killed by hand', killedBy: 'ann' }, 'killed by ann', '由 ann 强杀'],
    [{ status: 'killed', reason: 'deadline', killedBy: 'ann' }, 'killed by ann: deadline', '由 ann 强杀：deadline'],
    [
      { status: 'killed', reason: 'killer key', killedBy: 'etcd' },
      'killed by its killer key in the store',
      '通过存储中的强杀键强杀',
    ],
    [
      { status: 'killed', reason: 'workerShutdown', killedBy: 'w1' },
      'killed because its worker was shut down',
      '执行节点关闭，执行被强杀',
    ],
    [{ status: 'cancelled', reason: 'by hand, ann' }, 'cancelled by ann', '由 ann 取消'],
    [{ status: 'cancelled', reason: 'killed, ann' }, 'cancelled when ann killed the job', 'ann 强杀任务时一并取消'],
    [{ status: 'cancelled', reason: 'jobDeleted' }, 'cancelled because the job was deleted', '任务已被删除，随之取消'],
    [{ status: 'running', killedBy: 'ann' }, 'being killed by ann', 'ann 已要求强杀，正在终止'],
    [{ reason: 'something new' }, 'something new', 'something new'],
    [{ reason: 'toString' }, 'toString', 'toString'],
  ])('%j reads well', (facts, en, zh) => {
    expect(runWords(run(facts))).toEqual({ en, zh });
  });

  it('is silent where there is nothing to say', () => {
    expect(runWords(run({ status: 'succeeded' }))).toBeUndefined();
    expect(runWords(run({ status: 'running' }))).toBeUndefined();
    expect(runWords(run({ status: 'queued' }))).toBeUndefined();
  });
});

describe('an explanation', () => {
  const { job } = parseJobDocument({ name: 'job', command: 'true' });
  const noRecord = [
    'planned',
    'due',
    'unrecorded',
    'paused',
    'byHandOnly',
    'beforeStart',
    'afterEnd',
    'usedUp',
    'notScheduled',
    'beforeSchedule',
  ];

  it.each([...RUN_STATUSES, ...noRecord] as Parameters<typeof explanationWords>[0][])(
    'is a whole sentence in both languages: %s',
    (code) => {
      const isStatus = (RUN_STATUSES as readonly string[]).includes(code);
      const record = isStatus ? run({ status: code as Run['status'] }) : undefined;
      const { en, zh } = explanationWords(code, { job, record, scheduledSince: 0, now: 0 });
      expect(en).toMatch(/^[A-Z].*\.$/);
      expect(zh).toMatch(/。$/);
      expect(`${en}${zh}`).not.toContain('undefined');
    },
  );

  it.each([
    [
      { to: hour(2), by: 'ann', reason: 'moving' },
      'The job was paused from 2026-01-01 01:00:00 Europe/Berlin to 2026-01-01 03:00:00 Europe/Berlin, by ann: moving.',
      '任务在 2026-01-01 01:00:00 Europe/Berlin 至 2026-01-01 03:00:00 Europe/Berlin 期间处于暂停状态（由 ann 暂停，原因：moving）。',
    ],
    [
      {},
      'The job has been paused since 2026-01-01 01:00:00 Europe/Berlin.',
      '任务自 2026-01-01 01:00:00 Europe/Berlin 起处于暂停状态。',
    ],
    [
      { to: hour(9) },
      'The job is paused from 2026-01-01 01:00:00 Europe/Berlin to 2026-01-01 10:00:00 Europe/Berlin.',
      '任务在 2026-01-01 01:00:00 Europe/Berlin 至 2026-01-01 10:00:00 Europe/Berlin 期间处于暂停状态。',
    ],
  ])('tells a pause with what is known of it: %j', (facts, en, zh) => {
    expect(pauseWords({ from: hour(0), ...facts }, 'Europe/Berlin', hour(4))).toEqual({ en, zh });
  });

  it('says of a killed run whether it had started', () => {
    const killed = run({ status: 'killed', reason: 'hangs', killedBy: 'ann' });
    expect(explanationWords('killed', { job, record: { ...killed, startTime: 1 }, now: 0 }).en).toBe(
      'It ran and was killed by ann: hangs.',
    );
    expect(explanationWords('killed', { job, record: killed, now: 0 })).toEqual({
      en: 'Before it started it was killed by ann: hangs.',
      zh: '启动之前就被终止：由 ann 强杀：hangs。',
    });
  });
});

describe('a warning', () => {
  it('names a few jobs, and how many more', () => {
    expect(WARNING_WORDS.noEligibleWorker(['a', 'b', 'c', 'd', 'e'])).toEqual({
      en: 'No worker may run a, b, c and 2 more: look at their group and selector.',
      zh: '没有执行节点可以执行 a、b、c 等 5 个任务：请检查任务的分组与选择器。',
    });
    expect(WARNING_WORDS.noEligibleWorker(['a']).zh).toContain('执行 a：');
  });

  /** One of each, as it may be said. */
  const SAID: { readonly [Code in WarningCode]: Words } = {
    storeAway: WARNING_WORDS.storeAway(),
    storeAlarm: WARNING_WORDS.storeAlarm(['CORRUPT']),
    storeAlmostFull: WARNING_WORDS.storeAlmostFull(1_700_000_000, 2_000_000_000),
    storeGrows: WARNING_WORDS.storeGrows(120_000_000, 3),
    noLeader: WARNING_WORDS.noLeader(),
    historyAway: WARNING_WORDS.historyAway(),
    watchBehind: WARNING_WORDS.watchBehind(7),
    noWorker: WARNING_WORDS.noWorker(),
    workerUnwell: WARNING_WORDS.workerUnwell('w1', CLOCK_SUSPECT),
    masterUnwell: WARNING_WORDS.masterUnwell(['m1']),
    clockOff: WARNING_WORDS.clockOff(['w1'], 1400),
    workersLate: WARNING_WORDS.workersLate(['w1'], 2600),
    loopStalls: WARNING_WORDS.loopStalls(['w1', 'w2'], 340),
    workersBehind: WARNING_WORDS.workersBehind(['w1'], 7),
    workerHistoryAway: WARNING_WORDS.workerHistoryAway(['w1'], hour(1)),
    spoolGrows: WARNING_WORDS.spoolGrows(['w1'], 300_000_000, 1_073_741_824),
    claimsRefused: WARNING_WORDS.claimsRefused(['w1'], 0.034),
    mixedVersions: WARNING_WORDS.mixedVersions(['0.1.0', '0.2.0']),
    mixedTimeZones: WARNING_WORDS.mixedTimeZones(['2026a', '2026b']),
    noEligibleWorker: WARNING_WORDS.noEligibleWorker(['a']),
    cursorInFuture: WARNING_WORDS.cursorInFuture(['a']),
  };

  it.each(Object.entries(SAID))('is said in sentences of both languages: %s', (_code, { en, zh }) => {
    expect(en).toMatch(/^[A-Z].*\.$/);
    expect(zh).toMatch(/。$/);
    expect(zh).toMatch(CHINESE);
    expect(`${en}${zh}`).not.toMatch(/undefined|NaN|Invalid/);
  });

  it('gives figures as people read them', () => {
    expect(SAID.storeAlmostFull.en).toContain('1700 of 2000 MB');
    expect(SAID.workersLate.en).toContain('up to 2.6 s after they were due');
    expect(SAID.claimsRefused.en).toContain('Up to 3 % of the claims of w1');
    expect(SAID.workerHistoryAway.zh).toContain('自 2026-01-01 01:00:00 UTC 起');
    expect(WARNING_WORDS.loopStalls(['w1'], 340, 310).en).toContain('For 310 ms of the longest there was no processor');
    expect(WARNING_WORDS.loopStalls(['w1'], 340, 0).en).toContain('the process itself was busy');
    expect(WARNING_WORDS.storeAlarm(['NOSPACE']).en).toContain('disarm the alarm');
    expect(WARNING_WORDS.historyAway(hour(1)).en).toContain('no records since 2026-01-01 01:00:00 UTC');
  });
});

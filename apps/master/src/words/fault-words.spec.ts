import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJobDocument } from '@app/jobs';
import { AlreadyExists, InvalidInput, NotFound } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { faultsInWords, faultWords, wordsOf } from './fault-words.js';

const CHINESE = /\p{Script=Han}/u;

/** Where sentences about faults are made. */
const FOLDERS = ['libs/platform/src', 'libs/jobs/src/job', 'libs/jobs/src/schedule', 'libs/jobs/src/import'];
const FILES = [
  'libs/jobs/src/control/job-editor.ts',
  'libs/jobs/src/control/run-orders.ts',
  'libs/jobs/src/control/job-list.ts',
  'apps/master/src/http',
  'apps/master/src/api/fields.ts',
  'apps/master/src/transfer',
  'apps/master/src/jobs',
  'apps/master/src/ledger',
  'apps/master/src/timeline',
  'apps/master/src/plan',
  'apps/master/src/schedules',
  'apps/master/src/auth',
];

/** A text in the source, with what is put into it replaced by something that may stand there. */
const TEXT = /'((?:[^'\\\n]|\\.)+)'|`((?:[^`\\]|\\.)+)`/g;

/** What makes a text a sentence about a fault: the call or field it stands in. */
const SAYS = [
  /refuseExpression\(\s*$/,
  /\bmessage(?::| =) $/,
  /\berror: $/,
  /\breason: $/,
  /broken\(\s*$/,
  /refusal\(\s*$/,
  /\bsuper\(\s*$/,
  /refused\(\s*$/,
  /new (?:Conflict|Forbidden|MalformedRequest)\(\s*(?:needed \? )?$/,
  /taken\([^()]*(?:\([^()]*\)[^()]*)*, $/,
];

function sources(): string[] {
  const within = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
  const files = [...FOLDERS, ...FILES].flatMap((path) => (path.endsWith('.ts') ? [path] : within(path)));
  return files
    .filter((file) => /\.ts$/.test(file) && !/\.spec\.ts$|\/config\/|folder-lock|sqlite|errors\.ts$/.test(file))
    .map((file) => readFileSync(file, 'utf8'));
}

/** Every sentence about a fault that stands in our sources, with examples in its gaps. */
function sentencesWritten(): string[] {
  const found = sources().flatMap((source) =>
    [...source.matchAll(TEXT)]
      .filter((match) => SAYS.some((before) => before.test(source.slice(Math.max(0, match.index - 160), match.index))))
      .map(([, plain, template]) => plain ?? filled(template ?? '')),
  );
  return [...new Set(found)].filter((text) => !NO_SENTENCES.some((pattern) => pattern.test(text)));
}

/** Reasons of runs, which have words of their own, and pieces of sentences that are tried whole below. */
const NO_SENTENCES = [/^\w+(, \w+)*$/, /^The body 7\.$/, /in month "x"$/];

function filled(template: string): string {
  const gaps: readonly (readonly [RegExp, string])[] = [
    [/\$\{quote\([^)]*(?:\([^)]*\))?[^)]*\)\}/g, '"x"'],
    [/\$\{(?:spec\.label|LABELS\[index\])\}/g, 'hour'],
    [/\$\{JSON\.stringify\([^}]*\)\}/g, '"x"'],
    [/\$\{Object\.keys\(MACROS\)[^}]*\}|\$\{MACROS\.join[^}]*\}/g, '@daily'],
    [/\$\{word\}/g, '@daily'],
    [/\$\{chosen\}/g, '"http" '],
    [/\$\{names\}|\$\{year\}/g, ''],
    [/\$\{(?:identity\.role|caller\.role|needed)\}/g, 'editor'],
    [/\$\{low\}-\$\{spec\.max\},\$\{spec\.min\}-\$\{high\}/g, '5-7,0-3'],
    [/\$\{has\}/g, '3 fields'],
    [/\$\{scheduleWords [^}]*\}\$\{tail[^}]*\}/g, 'five for the time, and the command'],
    [/"\$\{[^}]*\}"/g, '"x"'],
    [/\$\{[^}]*(?:\{[^}]*\}[^}]*)*\}/g, '7'],
  ];
  return gaps.reduce((text, [gap, example]) => text.replace(gap, example), template).replaceAll('\\`', '`');
}

describe('a fault', () => {
  const written = sentencesWritten();

  it('is looked for where it is said', () => {
    expect(written).toEqual(
      expect.arrayContaining(['must be later than startAt', 'hour 7 is outside 7 to 7', 'is not valid UTF-8']),
    );
    expect(written.length).toBeGreaterThan(80);
  });

  it.each(written)('has words in both languages: %s', (message) => {
    const { en, zh } = faultWords(message);
    expect(en).toBe(message);
    expect(zh).toMatch(CHINESE);
    expect(zh).not.toContain('undefined');
  });

  it.each([
    ['hour 25 is outside 0 to 23', '“时”字段 25 超出范围 0 到 23'],
    ['day of month "FOO" is not a number from 1 to 31', '“日”字段 "FOO" 不是 1 到 31 之间的数字'],
    [
      'month "FOO" is not a number from 1 to 12 or a name such as JAN',
      '“月”字段 "FOO" 既不是 1 到 12 之间的数字，也不是 JAN 这样的名称',
    ],
    [
      'never fires: no date has day of month "30" in month "2" with day of week "*"',
      '永远不会触发：没有日期同时满足日 "30"、月 "2"、星期 "*"',
    ],
    ['must be "any", "broadcast" or "shard"', '只能是 "any"、"broadcast" 或 "shard"'],
    ['must have at least 1 item', '至少要有 1 项'],
    [
      'the key must be a variable name: letters, digits and "_"',
      '键名必须是变量名：由字母、数字和“_”组成，不以数字开头',
    ],
    ['The body is not JSON.', '请求内容不是 JSON。'],
    ['There is no job "run".', '没有名为 "run" 的任务。'],
    [
      'The job "a" is invalid: cronExpr: hour 25 is outside 0 to 23; name: must not be empty',
      '任务 "a" 的定义无效：cronExpr：“时”字段 25 超出范围 0 到 23；name：不能为空',
    ],
    ['EACCES: permission denied', 'EACCES: permission denied'],
  ])('reads well: %s', (message, zh) => {
    expect(faultWords(message)).toEqual({ en: message, zh });
  });

  it('is said field by field', () => {
    const error = refusalOf({ name: '', command: 'true', cronExpr: '0 25 * * *', retry: { limit: 'x' }, colour: 1 });
    expect(wordsOf(error)).toEqual({
      en: error.message,
      zh: 'name：不能为空；retry.limit：必须是数字；colour：任务没有这个字段；cronExpr：“时”字段 25 超出范围 0 到 23',
    });
    expect(faultsInWords([{ path: '', message: 'is empty' }])).toEqual({ en: 'is empty', zh: '内容为空' });
  });

  it('tells what is there and what is not', () => {
    expect(wordsOf(new NotFound('run', '01J')).zh).toBe('没有名为 "01J" 的执行记录。');
    expect(wordsOf(new AlreadyExists('job', 'nightly')).zh).toBe('已经有名为 "nightly" 的任务。');
  });
});

function refusalOf(document: unknown): InvalidInput {
  try {
    parseJobDocument(document);
  } catch (error) {
    if (error instanceof InvalidInput) return error;
  }
  throw new Error('The document was taken.');
}

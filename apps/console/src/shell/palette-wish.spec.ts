import { describe, expect, it } from 'vitest';
import { isCalled, type VerbWords, wishOf } from './palette-wish';

const words: VerbWords = {
  run: ['run', 'run now', '立即执行', '执行'],
  pause: ['pause', '暂停'],
  resume: ['resume', '恢复'],
  kill: ['kill', '强杀'],
  edit: ['edit'],
  clone: ['copy'],
  delete: ['delete', '删除'],
};

describe('what is wanted of the palette', () => {
  it.each([
    ['pause nightly', 'pause', 'nightly'],
    ['nightly pause', 'pause', 'nightly'],
    ['  Pause   Nightly ', 'pause', 'Nightly'],
    ['pause', 'pause', ''],
    ['pause ', 'pause', ''],
    ['run now nightly-clearing', 'run', 'nightly-clearing'],
    ['暂停', 'pause', ''],
    ['暂停 日终对账', 'pause', '日终对账'],
    ['暂停日终对账', 'pause', '日终对账'],
    ['nightly暂停', 'pause', 'nightly'],
    ['立即执行备份', 'run', '备份'],
    ['run pause-test', 'run', 'pause-test'],
    ['pause 恢复演练', 'pause', '恢复演练'],
  ])('"%s" is %s of "%s"', (text, verb, job) => expect(wishOf(text, words)).toEqual({ verb, job }));

  it.each(['', 'nightly', 'pau', 'pausenightly', 'run-backup', 'backup-run', 'overrun'])('"%s" names no verb', (text) =>
    expect(wishOf(text, words)).toBeUndefined(),
  );
});

describe('a command', () => {
  const names = ['New job', '新建任务', 'create, add'];

  it.each([
    ['new job', true],
    ['job new', true],
    ['add', true],
    ['新建', true],
    ['', true],
    ['new worker', false],
  ])('is found by "%s": %s', (text, expected) => expect(isCalled(names, text)).toBe(expected));
});

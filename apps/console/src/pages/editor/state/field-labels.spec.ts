import { describe, expect, it } from 'vitest';
import { fieldOf, inFormWords, labelOf } from './field-labels';

const labels = new Map([
  ['command', 'Command'],
  ['env', 'Environment'],
  ['retry.delaySeconds', 'Fails: First after'],
  ['startAt', 'Not before (UTC)'],
  ['routing', 'Where'],
  ['routing.selector', 'Labels it needs'],
]);

describe('a path in the words of the form', () => {
  it.each([
    ['startAt', 'Not before (UTC)'],
    ['env.A', 'Environment: A'],
    ['routing.selector.zone', 'Labels it needs: zone'],
    ['retry.delaySeconds', 'Fails: First after'],
    ['retry.limit', undefined],
    ['environment', undefined],
    ['', undefined],
  ])('%s is %s', (path, expected) => expect(labelOf(path, labels)).toBe(expected));

  it('is that of the nearest field', () =>
    expect(fieldOf('routing.selector.a', labels.keys())).toBe('routing.selector'));
});

it('a sentence names fields as the form does, and leaves words and what it does not know', () => {
  expect(inFormWords('must be later than startAt', labels)).toBe('must be later than “Not before (UTC)”');
  expect(inFormWords('must not be below retry.delaySeconds', labels)).toBe('must not be below “Fails: First after”');
  expect(inFormWords('the command "true" has no maxRuns', labels)).toBe('the command "true" has no maxRuns');
});

import { describe, expect, it } from 'vitest';
import { isBoundTo, mayRunOn } from './may-run-on';

const worker = { id: 'worker-1', group: 'default', labels: { disk: 'ssd', zone: 'a' }, state: 'ready' } as const;

describe('a job is bound to a worker', () => {
  it.each([
    [{}, true],
    [{ group: 'default' }, true],
    [{ group: 'edge' }, false],
    [{ routing: { worker: 'worker-1' } }, true],
    [{ routing: { worker: 'worker-2' } }, false],
    [{ routing: { selector: { disk: 'ssd' } } }, true],
    [{ routing: { selector: { disk: 'ssd', zone: 'b' } } }, false],
    [{ routing: { worker: 'worker-1', selector: { disk: 'hdd' } } }, false],
  ])('%j: %s', (job, expected) => {
    expect(isBoundTo(job, worker)).toBe(expected);
    expect(mayRunOn(job, worker)).toBe(expected);
  });

  it('as somebody is writing it, whatever it says yet', () => {
    expect(isBoundTo({ group: null, routing: { worker: null, selector: null } } as never, worker)).toBe(true);
    expect(isBoundTo({ group: 7, routing: 'edge' } as never, worker)).toBe(false);
  });
});

it.each([
  ['starting', true],
  ['ready', true],
  ['draining', false],
  ['unwell', false],
] as const)('a worker that is %s takes runs: %s', (state, expected) => {
  expect(mayRunOn({}, { ...worker, state })).toBe(expected);
  expect(isBoundTo({}, worker)).toBe(true);
});

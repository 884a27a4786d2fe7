import { describe, expect, it } from 'vitest';
import { mayRunOn } from './may-run-on';

const worker = { id: 'worker-1', group: 'default', labels: { disk: 'ssd', zone: 'a' }, state: 'ready' } as const;

describe('mayRunOn', () => {
  it.each([
    [{}, true],
    [{ group: 'default' }, true],
    [{ group: 'edge' }, false],
    [{ routing: { worker: 'worker-1' } }, true],
    [{ routing: { worker: 'worker-2' } }, false],
    [{ routing: { selector: { disk: 'ssd' } } }, true],
    [{ routing: { selector: { disk: 'ssd', zone: 'b' } } }, false],
  ])('%j: %s', (job, expected) => {
    expect(mayRunOn(job, worker)).toBe(expected);
  });

  it('sends nothing to a worker that drains', () => {
    expect(mayRunOn({}, { ...worker, state: 'draining' })).toBe(false);
  });
});

import type { Worker } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { workersOf } from './eligible';

const worker = (id: string, group = 'default', labels: Record<string, string> = {}) =>
  ({ id, group, labels, state: 'ready', slots: 100, running: 0 }) as unknown as Worker;
const workers = [worker('a'), worker('b', 'default', { disk: 'ssd' }), worker('c', 'backup', { disk: 'ssd' })];
const ids = (document: Record<string, unknown>) => workersOf(document, workers).map(({ id }) => id);

describe('who may run a job', () => {
  it('is bound by group, labels and name', () => {
    expect(ids({})).toEqual(['a', 'b']);
    expect(ids({ group: 'backup' })).toEqual(['c']);
    expect(ids({ routing: { selector: { disk: 'ssd' } } })).toEqual(['b']);
    expect(ids({ routing: { worker: 'a' } })).toEqual(['a']);
    expect(ids({ routing: { worker: 'a', selector: { disk: 'ssd' } } })).toEqual([]);
    expect(ids({ group: 'nobody' })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { sampleChunk, sampleRun, stillRunning } from '../contract/samples.js';
import { OutputCuts } from './output-cuts.js';

describe('OutputCuts', () => {
  it('tells the next chunk of the same stream what is missing before it, once', () => {
    const cuts = new OutputCuts();
    cuts.drop(sampleChunk('r1', 0, '12345'));
    cuts.drop(sampleChunk('r1', 1, '67', { cutBefore: 100 }));
    const other = sampleChunk('r1', 2, 'x', { stream: 'stderr' });
    expect(cuts.markChunk(other)).toEqual(other);
    expect(cuts.markChunk(sampleChunk('r1', 3, 'y', { cutBefore: 1 })).cutBefore).toBe(108);
    expect(cuts.markChunk(sampleChunk('r1', 4, 'z')).cutBefore).toBe(0);
    expect(cuts.droppedBytes).toBe(7);
  });

  it('marks the record of the run and forgets it when it has ended', () => {
    const cuts = new OutputCuts();
    const run = sampleRun({ id: 'r1' });
    cuts.drop(sampleChunk('r1', 0, '12345'));
    expect(cuts.markRun(stillRunning(run)).outputTruncated).toBe(true);
    expect(cuts.markRun(run).outputTruncated).toBe(true);
    expect(cuts.markRun(run).outputTruncated).toBe(false);
    expect(cuts.markRun(sampleRun({ id: 'r2' })).outputTruncated).toBe(false);
  });

  it('remembers a bounded number of runs, the latest ones', () => {
    const cuts = new OutputCuts();
    for (let n = 0; n <= 10_000; n += 1) cuts.drop(sampleChunk(`r${n}`, 0, 'x'));
    expect(cuts.markRun(sampleRun({ id: 'r0' })).outputTruncated).toBe(false);
    expect(cuts.markRun(sampleRun({ id: 'r1' })).outputTruncated).toBe(true);
  });
});

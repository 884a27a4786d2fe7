import { expect, it } from 'vitest';
import { sampleChunk, sampleRun } from '../contract/samples.js';
import { Batch } from './batch.js';

it('a batch holds nothing any more once the disk has it, however long its receipt waits', async () => {
  const batch = new Batch();
  batch.addChunk(sampleChunk('r1', 0, 'line'));
  batch.addRun(sampleRun({ id: 'r1' }));
  expect(batch.size).toBe(2);
  batch.markSpooled();
  await batch.receipt.spooled;
  expect(batch.size).toBe(0);
  expect(batch.entries).toEqual([]);
  batch.markStored();
  await batch.receipt.stored;
});

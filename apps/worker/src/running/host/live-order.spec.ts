import { expect, it } from 'vitest';
import { LiveOrder } from './live-order.js';

it('an end that a journal tells without output has what was seen of that', () => {
  const live = new LiveOrder({ runId: 'r1' } as never);
  live.note({ runId: 'r1', seq: 0, stream: 'stdout', data: Buffer.from('done\n'), cutBefore: 0 } as never);
  live.note({ runId: 'r1', seq: 1, stream: 'stderr', data: Buffer.from('oh\n'), cutBefore: 0 } as never);
  const facts = { runId: 'r1', startTime: 1, endTime: 2, exitCode: 0, outputBytes: 8, outputTruncated: false };
  expect(live.endByJournal({ ...facts, outputTail: '', errTail: '' })).toEqual({
    ...facts,
    outputTail: 'done\n',
    errTail: 'oh\n',
  });
});

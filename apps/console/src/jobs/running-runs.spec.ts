import { expect, it } from 'vitest';
import { underwayOf } from './running-runs';

it('counts what runs and what waits, and names each worker once', () => {
  const runs = [
    { status: 'running', worker: 'worker-2' },
    { status: 'queued' },
    { status: 'running', worker: 'worker-1' },
    { status: 'running', worker: 'worker-2' },
    { status: 'succeeded', worker: 'worker-3' },
  ] as const;
  expect(underwayOf(runs)).toEqual({ running: 3, queued: 1, workers: ['worker-1', 'worker-2'] });
});

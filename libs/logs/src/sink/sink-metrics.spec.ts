import { ReadMetrics } from '@app/platform';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { LogSinkStats } from './options.js';
import { registerSinkMetrics } from './sink-metrics.js';

it('tells Prometheus what waits for history and what was lost on the way', async () => {
  const registry = new Registry();
  const stats = { mode: 'spooling', waitingRecords: 2, spoolBytes: 4096, droppedOutputBytes: 7, refused: 1 };
  registerSinkMetrics(new ReadMetrics(registry), () => stats as LogSinkStats);
  const lines = (await registry.metrics()).split('\n').filter((line) => line && !line.startsWith('# HELP'));
  expect(lines).toEqual([
    '# TYPE fleetcron_history_waiting_records gauge',
    'fleetcron_history_waiting_records 2',
    '# TYPE fleetcron_history_spool_bytes gauge',
    'fleetcron_history_spool_bytes 4096',
    '# TYPE fleetcron_history_is_spooling gauge',
    'fleetcron_history_is_spooling 1',
    '# TYPE fleetcron_history_dropped_output_bytes_total counter',
    'fleetcron_history_dropped_output_bytes_total 7',
    '# TYPE fleetcron_history_refused_total counter',
    'fleetcron_history_refused_total 1',
  ]);
});

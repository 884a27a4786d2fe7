import { LogSink } from '@app/logs';
import { SystemClock, silentLog } from '@app/platform';
import { FaultyHistory } from '../../libs/logs/src/contract/faulty-history.js';
import { sampleRun } from '../../libs/logs/src/contract/samples.js';

// The program that sink-crash.spec.ts kills: records without end into a sink whose store is down, and prints each id
// once it is said to be on the disk. Arguments: the folder, a prefix for the ids.
const [folder = '', prefix = ''] = process.argv.slice(2);
const store = new FaultyHistory();
store.state = 'down';
const sink = new LogSink(store, folder, new SystemClock(), silentLog, { batchMs: 5, segmentBytes: 50_000 });
await sink.start();
for (let n = 0; ; n += 1) {
  const id = `${prefix}-${n}`;
  const { spooled } = sink.record(sampleRun({ id }));
  void spooled.then(() => process.stdout.write(`${id}.\n`));
  if (n % 20 === 19) await spooled;
}

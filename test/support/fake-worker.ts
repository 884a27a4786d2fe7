// A worker reduced to its run host, to be killed and stopped by tests. Started with one JSON argument; for each event it
// prints one JSON line.
import { SystemClock, silentLog } from '@app/platform';
import { SupervisedRunHost } from '../../apps/worker/src/running/supervised-run-host.js';
import { scriptOrder } from './start-order.js';

/** What the fake worker is told. */
export interface FakeWorkerPlan {
  readonly dataFolder: string;
  readonly supervisorProgram: string;
  readonly lastWords?: readonly string[];
  /** Changes of `scriptOrder`, by script. */
  readonly orders: readonly { readonly script: string; readonly changes: Parameters<typeof scriptOrder>[1] }[];
  /** Deadline of session-1, from the start of the worker on; undefined: none. */
  readonly deadlineInMs?: number;
}

const plan = JSON.parse(process.argv[2] ?? '') as FakeWorkerPlan;
const { dataFolder, supervisorProgram, lastWords } = plan;
const clock = new SystemClock();
const host = new SupervisedRunHost({
  dataFolder,
  workerId: 'fake',
  clock,
  log: silentLog,
  supervisorProgram,
  lastWords,
});
host.listen({
  started: (runId, pid) => say({ t: 'started', runId, pid }),
  refused: (refusal) => say({ t: 'refused', ...refusal }),
  unable: (reason) => say({ t: 'unable', reason }),
  output: (piece) => say({ t: 'output', runId: piece.runId, text: piece.data.toString() }),
  ended: (end) => say({ t: 'ended', ...end }),
});
await host.open();
if (plan.deadlineInMs === undefined) host.setSessionDeadline('session-1', Number.MAX_SAFE_INTEGER);
else host.setSessionDeadline('session-1', clock.boot() + plan.deadlineInMs);
for (const { script, changes } of plan.orders) host.start(scriptOrder(script, changes));
say({ t: 'open', supervisor: host.supervisorPid });

function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

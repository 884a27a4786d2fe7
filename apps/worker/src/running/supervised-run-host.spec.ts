import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock, silentLog } from '@app/platform';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSupervisor } from '../../../../test/support/build-supervisor.js';
import { RunWitness } from '../../../../test/support/run-witness.js';
import { scriptOrder } from '../../../../test/support/start-order.js';
import { readProcessTable } from './processes/process-table.js';
import { SupervisedRunHost } from './supervised-run-host.js';

let supervisorProgram: string;
let dataFolder: string;
let host: SupervisedRunHost;
let witness: RunWitness;

beforeAll(async () => {
  supervisorProgram = await buildSupervisor();
});

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'fleetcron-host-'));
  host = new SupervisedRunHost({
    dataFolder,
    workerId: 'w1',
    clock: new SystemClock(),
    log: silentLog,
    supervisorProgram,
  });
  witness = new RunWitness();
  host.listen(witness);
  await host.open();
});

afterEach(async () => {
  await host.close(0);
  expect(witness.wrongs).toEqual([]);
  await rm(dataFolder, { recursive: true });
});

/** Pids of the living processes that carry the run's id. */
async function survivors(runId: string): Promise<number[]> {
  const { runIds } = await readProcessTable();
  return [...runIds].filter(([, id]) => id === runId).map(([pid]) => pid);
}

describe('a run', () => {
  it('starts, speaks on both streams, and ends with its exit code', async () => {
    const order = scriptOrder('echo out; echo err >&2; exit 3');
    host.start(order);
    const end = await witness.end(order.runId);
    expect(end).toMatchObject({
      exitCode: 3,
      outputBytes: 8,
      outputTruncated: false,
      outputTail: 'out\n',
      errTail: 'err\n',
    });
    expect(witness.bytes(order.runId).toString()).toBe('out\n');
    expect(witness.bytes(order.runId, 'stderr').toString()).toBe('err\n');
    expect(end.killedFor).toBeUndefined();
  });
});

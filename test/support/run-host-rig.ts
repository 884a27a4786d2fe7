import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock, silentLog } from '@app/platform';
import { SupervisedRunHost } from '../../apps/worker/src/running/supervised-run-host.js';
import { buildSupervisor } from './build-supervisor.js';
import { RunWitness } from './run-witness.js';
import { scriptOrder } from './start-order.js';
import { until } from './until.js';

/** A run host with a real supervisor on a folder of its own, and a witness of what it tells. */
export class RunHostRig {
  readonly witness = new RunWitness();

  private constructor(
    readonly dataFolder: string,
    readonly host: SupervisedRunHost,
  ) {
    host.listen(this.witness);
  }

  /** An open one. */
  static async open(): Promise<RunHostRig> {
    const dataFolder = await mkdtemp(join(tmpdir(), 'fleetcron-host-'));
    const rig = new RunHostRig(dataFolder, await RunHostRig.host(dataFolder));
    await rig.host.open();
    return rig;
  }

  /** A host on the folder, not open yet. */
  static async host(dataFolder: string): Promise<SupervisedRunHost> {
    const supervisorProgram = await buildSupervisor();
    const clock = new SystemClock();
    return new SupervisedRunHost({ dataFolder, workerId: 'w1', clock, log: silentLog, supervisorProgram });
  }

  /** Orders the script and gives its run id. */
  run(script: string, changes: Parameters<typeof scriptOrder>[1] = {}): string {
    const order = scriptOrder(script, changes);
    this.host.start(order);
    return order.runId;
  }

  /** kill -9 of the supervisor that runs now. */
  async killSupervisor(): Promise<void> {
    process.kill(await until('a supervisor', () => this.host.supervisorPid), 'SIGKILL');
  }

  /** Ends everything. Throws when the host said something it should not have. */
  async close(): Promise<void> {
    await this.host.close(0);
    await rm(this.dataFolder, { recursive: true });
    if (this.witness.wrongs.length > 0) throw new Error(this.witness.wrongs.join('; '));
  }
}

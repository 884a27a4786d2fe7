import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { API_TOKEN } from '../../support/cluster/api.js';
import { Program } from '../../support/cluster/program.js';
import { HeldMemory, memoryBytes } from '../../support/processes.js';
import { figureIn, metricsOf } from '../prometheus.js';

/** Memory of a process now, and the most it ever held. MB of 1,000,000 bytes. */
export function memoryOf(pid: number): { residentMb: number; peakMb: number } {
  const mb = (what: HeldMemory): number => Math.round(memoryBytes(pid, what) / 1e6);
  return { residentMb: mb('VmRSS'), peakMb: mb('VmHWM') };
}

/** Both ways of measuring look so often, and count the time between two looks in. */
const BETWEEN_LOOKS_MS = 10;

/**
 * Longest time the event loop of a program stood still since this was asked last, or since its start: by its own metrics,
 * which forget it when they are read.
 */
export async function longestStallMs(program: Program): Promise<number> {
  const longestMs = figureIn(await vitalsOf(program), 'nodejs_eventloop_lag_max_seconds') * 1_000;
  return Math.max(0, Math.round(longestMs) - BETWEEN_LOOKS_MS);
}

/** The longest standstill of the last minute, and for how long of it there was no processor for the program. */
export async function standstillOf(program: Program): Promise<{ loopStallMs: number; loopWaitMs: number }> {
  const text = await vitalsOf(program);
  const of = (what: string): number => figureIn(text, `fleetcron_${program.name.replace(/-.*/, '')}_loop_${what}_ms`);
  return { loopStallMs: of('stall'), loopWaitMs: of('wait') };
}

async function vitalsOf(program: Program): Promise<string> {
  return metricsOf(`${program.url}/metrics`, { Authorization: `Bearer ${API_TOKEN}` });
}

/** A thread that does nothing but look at the clock: what keeps it waiting, the machine did. */
const IDLER = `
  const { monitorEventLoopDelay } = require('node:perf_hooks');
  const { parentPort } = require('node:worker_threads');
  const delays = monitorEventLoopDelay({ resolution: ${BETWEEN_LOOKS_MS} });
  delays.enable();
  parentPort.on('message', () => {
    parentPort.postMessage(Math.round(delays.max / 1e6));
    delays.reset();
  });
`;

/** The floor of `longestStallMs`: longest time a thread without any work was kept waiting since it was asked last. */
export class MachineStalls {
  private readonly thread = new Worker(IDLER, { eval: true });

  async longestMs(): Promise<number> {
    this.thread.postMessage('how long');
    return Math.max(0, (await once(this.thread, 'message'))[0] - BETWEEN_LOOKS_MS);
  }

  async close(): Promise<void> {
    await this.thread.terminate();
  }
}

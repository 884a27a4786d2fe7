import { readFile } from 'node:fs/promises';
import { readProcess, readProcessTable } from '../../apps/worker/src/running/processes/process-table.js';

/** Whether the process is there and no zombie. */
export function isAlive(pid: number): boolean {
  return readProcess(pid) !== undefined;
}

/** Pids of the living processes that carry the run's id in their environment. */
export async function survivors(runId: string): Promise<number[]> {
  const { runIds } = await readProcessTable();
  return [...runIds].filter(([, id]) => id === runId).map(([pid]) => pid);
}

/** Most memory the process ever held, in MiB. */
export async function peakRssMb(pid = Number.NaN): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

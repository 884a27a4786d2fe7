import { readFileSync } from 'node:fs';
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

/** Pids of the supervisors of workers, by the pids of these. */
export async function supervisorsOf(workers: readonly number[]): Promise<number[]> {
  const { processes, runIds } = await readProcessTable();
  return processes.filter(({ pid, parent }) => workers.includes(parent) && !runIds.has(pid)).map(({ pid }) => pid);
}

/** Memory a process holds now (`VmRSS`), or the most it ever held (`VmHWM`). */
export type HeldMemory = 'VmRSS' | 'VmHWM';

/** Bytes a process holds, by proc(5). Throws where it is gone. */
export function memoryBytes(pid: number, what: HeldMemory = 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
}

/** The same in MiB. */
export function memoryMib(pid: number, what: HeldMemory = 'VmRSS'): number {
  return memoryBytes(pid, what) / 1024 ** 2;
}

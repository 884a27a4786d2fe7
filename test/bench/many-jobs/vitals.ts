import { readFileSync } from 'node:fs';
import { API_TOKEN } from '../../support/cluster/api.js';
import { Program } from '../../support/cluster/program.js';

/** Memory of a process now, and the most it ever held. MB of 1,000,000 bytes. */
export function memoryOf(pid: number): { residentMb: number; peakMb: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (field: string): number =>
    Math.round((Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / 1e6);
  return { residentMb: mb('VmRSS'), peakMb: mb('VmHWM') };
}

/**
 * Longest time the event loop of a program stood still since this was asked last, or since its start: by its own metrics,
 * which forget it when they are read. Ten milliseconds of it are the interval between two looks.
 */
export async function longestStallMs(program: Program): Promise<number> {
  const response = await fetch(`${program.url}/metrics`, { headers: { Authorization: `Bearer ${API_TOKEN}` } });
  const text = await response.text();
  return Math.round(Number(/^nodejs_eventloop_lag_max_seconds ([\d.e+-]+)$/m.exec(text)?.[1]) * 1_000);
}

import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** One living process as /proc tells it (proc_pid_stat(5)). */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Start time in clock ticks since boot; with the pid it names one process until the next boot. */
  readonly startTicks: number;
}

/** All living processes at about one moment, and which of them carry a run id in their environment. */
export interface ProcessTable {
  readonly processes: readonly ProcessFacts[];
  /** FLEETCRON_RUN_ID by pid; only those that have one and that we may look at. */
  readonly runIds: ReadonlyMap<number, string>;
}

/** Processes looked at in one turn of the event loop: about two milliseconds. */
const PER_TURN = 50;
const KERNEL_THREAD = 0x0020_0000;
const RUN_ID = 'FLEETCRON_RUN_ID=';

/**
 * Reads /proc once, in turns, so that a host with thousands of processes does not stop the event loop. Kernel threads
 * and zombies are left out. Where there is no /proc (macOS) the table is empty, and only process groups are known.
 */
export async function readProcessTable(): Promise<ProcessTable> {
  const processes: ProcessFacts[] = [];
  const runIds = new Map<number, string>();
  let looked = 0;
  for (const pid of listPids()) {
    if (++looked % PER_TURN === 0) await nextTurn();
    const facts = readProcess(pid);
    if (!facts) continue;
    processes.push(facts);
    const runId = readRunId(pid);
    if (runId !== undefined) runIds.set(pid, runId);
  }
  return { processes, runIds };
}

/** The living process of that pid. undefined when there is none, or it is a zombie or a kernel thread. */
export function readProcess(pid: number): ProcessFacts | undefined {
  const stat = readStat(pid);
  return stat === undefined ? undefined : parseStat(pid, stat);
}

/** Parses /proc/PID/stat; the program's name in it may hold blanks and brackets. undefined as for readProcess. */
export function parseStat(pid: number, stat: string): ProcessFacts | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = 'X', parent, group, session, , , flags] = fields;
  if (state === 'Z' || state === 'X' || state === 'x') return undefined;
  if ((Number(flags) & KERNEL_THREAD) !== 0) return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startTicks: Number(fields[19]),
  };
}

/** Identity of this boot of the machine; the empty string where the system does not tell. */
export function readBootId(): string {
  return readProc('sys/kernel/random/boot_id')?.trim() ?? '';
}

function readRunId(pid: number): string | undefined {
  const environment = readProc(`${pid}/environ`);
  if (environment === undefined) return undefined;
  let at = environment.indexOf(RUN_ID);
  while (at > 0 && environment[at - 1] !== '\0') at = environment.indexOf(RUN_ID, at + 1);
  if (at < 0) return undefined;
  const end = environment.indexOf('\0', at);
  return environment.slice(at + RUN_ID.length, end < 0 ? undefined : end);
}

function listPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** A line of no more than some hundred bytes, read with half the system calls of readFileSync: each start needs one. */
const statBytes = Buffer.alloc(4_096);

function readStat(pid: number): string | undefined {
  try {
    const file = openSync(`/proc/${pid}/stat`, 'r');
    try {
      return statBytes.toString('latin1', 0, readSync(file, statBytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** undefined when the process is gone meanwhile or is not ours to look at. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return undefined;
  }
}

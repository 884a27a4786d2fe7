import type { ProcessFacts, ProcessTable } from './process-table.js';

/** By what the processes of one run are known. */
export interface FamilyTrace {
  readonly runId: string;
  /** The process we started, which leads its own group and session. Only while its number cannot be another's. */
  readonly leader?: number;
  /** Processes seen in the family earlier; they count while pid and start time are still the same. */
  readonly known?: readonly ProcessFacts[];
}

/**
 * The living processes of a run: those that carry its id in their environment, are in the group or session of its
 * leader, or were known before, and everything that descends from any of them.
 *
 * What clears its environment, leaves the session and has lost its parents, all three, cannot be told from a stranger.
 */
export function findFamily(table: ProcessTable, trace: FamilyTrace): ProcessFacts[] {
  const knownTicks = new Map(trace.known?.map((process) => [process.pid, process.startTicks]));
  const family = new Map<number, ProcessFacts>();
  for (const process of table.processes) {
    const belongs =
      table.runIds.get(process.pid) === trace.runId ||
      knownTicks.get(process.pid) === process.startTicks ||
      (trace.leader !== undefined && [process.pid, process.group, process.session].includes(trace.leader));
    if (belongs) family.set(process.pid, process);
  }
  if (family.size > 0) addDescendants(table.processes, family);
  return [...family.values()];
}

function addDescendants(processes: readonly ProcessFacts[], family: Map<number, ProcessFacts>): void {
  for (let before = -1; before !== family.size; ) {
    before = family.size;
    for (const process of processes) {
      if (!family.has(process.pid) && family.has(process.parent)) family.set(process.pid, process);
    }
  }
}

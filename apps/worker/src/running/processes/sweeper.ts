import { setTimeout as delay } from 'node:timers/promises';
import { type FamilyTrace, findFamily } from './family.js';
import { type ProcessFacts, type ProcessTable, readProcessTable } from './process-table.js';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Finds and kills the processes of runs, whatever group or session they fled to. Many callers at once share the
 * reading of /proc: a reading serves everybody who asked before it began.
 */
export class Sweeper {
  private reading?: Promise<ProcessTable>;
  private next?: Promise<ProcessTable>;

  constructor(private readonly readTable: () => Promise<ProcessTable> = readProcessTable) {}

  /** The living processes of a run now. */
  async family(trace: FamilyTrace): Promise<ProcessFacts[]> {
    return findFamily(await this.freshTable(), trace);
  }

  /**
   * SIGKILLs the processes of a run until none is left. True once none is; false when `withinMs` (default: no limit)
   * passed first, as with a process stuck inside the kernel.
   */
  async clear(trace: FamilyTrace, withinMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const startedAt = performance.now();
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const family = await this.family(trace);
      if (family.length === 0) return true;
      if (performance.now() - startedAt >= withinMs) return false;
      for (const process of family) signal(process.pid, 'SIGKILL');
      await delay(pauseMs);
    }
  }

  private freshTable(): Promise<ProcessTable> {
    if (!this.reading) {
      this.reading = this.readTable().finally(() => {
        this.reading = undefined;
      });
      return this.reading;
    }
    this.next ??= this.reading.then(() => {
      this.next = undefined;
      return this.freshTable();
    });
    return this.next;
  }
}

/**
 * Sends a signal to a process, or with a negative number to a group. False when there is nobody to receive it; and for
 * 0, 1 and -1, which mean "my own group", "init" and "everybody" and are never a run.
 */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  if (!Number.isInteger(pid) || Math.abs(pid) <= 1) return false;
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Whether the group still has a member, zombies included: the kernel does not tell them apart here. */
export function hasGroup(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

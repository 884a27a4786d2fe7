import type { RunEnd, Testimony } from '@app/jobs';
import type { JournalEntry, JournalledRun } from './journal-entry.js';

/** Runs that ended and are not settled yet, of which at most this many are remembered. */
export const MAX_UNSETTLED = 2_000;
/** Sessions whose completeness is remembered; a worker has one at a time. */
const MAX_SESSIONS = 32;

/** The process that wrote the journal last. */
export interface JournalWriter {
  readonly boot: string;
  readonly pid: number;
  readonly ticks?: number;
  readonly worker: string;
}

/** What a journal tells, entry by entry: values in, values out. The same folding serves writer and reader. */
export class JournalState {
  private readonly byId = new Map<string, JournalledRun>();
  private readonly covered = new Set<string>();
  private readonly uncovered = new Set<string>();
  private isDamaged = false;
  private endedCount = 0;
  writer?: JournalWriter;

  /** Takes one entry in; returns what follows from it and must be written as well. */
  apply(entry: JournalEntry): JournalEntry[] {
    switch (entry.t) {
      case 'open':
        this.writer = { boot: entry.boot, pid: entry.pid, ticks: entry.ticks, worker: entry.worker };
        return [];
      case 'session':
        remember(this.covered, entry.session);
        return [];
      case 'uncovered':
        this.covered.delete(entry.session);
        remember(this.uncovered, entry.session);
        return [];
      case 'spawning': {
        const { run: runId, job: jobName, session } = entry;
        this.put({ runId, jobName, session, boot: this.writer?.boot ?? '', state: 'spawning' });
        return [];
      }
      case 'pid':
        this.change(entry.run, { state: 'running', pid: entry.pid, ticks: entry.ticks, startTime: entry.at });
        return [];
      case 'never':
        this.change(entry.run, { state: 'never' });
        return this.forgetOldest();
      case 'ended':
      case 'killed':
        this.change(entry.run, { state: entry.t, end: entry.end });
        return this.forgetOldest();
      case 'bind':
        this.change(entry.run, { session: entry.session });
        return [];
      case 'settled':
        this.remove(entry.run);
        return [];
      case 'carried':
        this.put(entry.run);
        return [];
      default:
        return unknownEntry(entry);
    }
  }

  /** Every run that is not settled, oldest first. */
  get runs(): IterableIterator<JournalledRun> {
    return this.byId.values();
  }

  run(runId: string): JournalledRun | undefined {
    return this.byId.get(runId);
  }

  /** Sessions of which every run is known from the first to the last: one that is absent was never started. */
  get sessions(): readonly string[] {
    return this.isDamaged ? [] : [...this.covered];
  }

  /** Whether a run of the session may have been started and yet be absent here, unsettled. */
  mayHide(session: string): boolean {
    return this.isDamaged || this.uncovered.has(session);
  }

  /** A part of the journal cannot be read: nothing is concluded from absence any more. */
  damage(): void {
    this.isDamaged = true;
  }

  /** The entries that tell all this again, for the head of a new file. */
  snapshot(): JournalEntry[] {
    return [
      ...this.sessions.map((session): JournalEntry => ({ t: 'session', session })),
      ...[...this.uncovered].map((session): JournalEntry => ({ t: 'uncovered', session })),
      ...[...this.runs].map((run): JournalEntry => ({ t: 'carried', run })),
    ];
  }

  private put(run: JournalledRun): void {
    this.remove(run.runId);
    this.byId.set(run.runId, run);
    if (isOver(run)) this.endedCount += 1;
  }

  private change(runId: string, change: Partial<JournalledRun>): void {
    const run = this.byId.get(runId);
    if (!run) return;
    const changed = { ...run, ...change };
    this.byId.set(runId, changed);
    if (isOver(changed) && !isOver(run)) this.endedCount += 1;
  }

  private remove(runId: string): void {
    const run = this.byId.get(runId);
    if (run && isOver(run)) this.endedCount -= 1;
    this.byId.delete(runId);
  }

  private forgetOldest(): JournalEntry[] {
    const follows: JournalEntry[] = [];
    for (const run of this.byId.values()) {
      if (this.endedCount <= MAX_UNSETTLED) break;
      if (!isOver(run)) continue;
      this.remove(run.runId);
      follows.push({ t: 'settled', run: run.runId });
      // One that is absent was never started: of this one that is true.
      if (run.state === 'never' || this.uncovered.has(run.session)) continue;
      const uncovered: JournalEntry = { t: 'uncovered', session: run.session };
      follows.push(uncovered, ...this.apply(uncovered));
    }
    return follows;
  }
}

/** What can be sworn about a run from the journal alone, when no process of it is left. */
export function testify(run: JournalledRun): Testimony {
  const { runId, jobName, session, end } = run;
  switch (run.state) {
    case 'never':
      return { runId, jobName, session, state: 'neverStarted' };
    case 'ended':
    case 'killed':
      return { runId, jobName, session, state: run.state, end };
    case 'spawning':
    case 'running':
      return { runId, jobName, session, state: 'mayHaveStarted' };
  }
}

/** Whether nothing more will be heard of the run. */
export function isOver(run: JournalledRun): boolean {
  return run.state === 'never' || run.state === 'ended' || run.state === 'killed';
}

/** The end as it is journalled: without output, which would cost 8 KiB a run. */
export function withoutTails(end: RunEnd): RunEnd {
  return { ...end, outputTail: '', errTail: '' };
}

function remember(sessions: Set<string>, session: string): void {
  sessions.add(session);
  const [oldest] = sessions;
  if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest);
}

function unknownEntry(entry: never): JournalEntry[] {
  // Written by a later version and carried past by an earlier one: it cannot be understood, and must not stop us.
  void entry;
  return [];
}

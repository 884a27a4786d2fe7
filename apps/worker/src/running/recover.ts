import { setTimeout as delay } from 'node:timers/promises';
import type { Testimony } from '@app/jobs';
import type { Log } from '@app/platform';
import type { JournalledRun } from './journal/journal-entry.js';
import { JournalFolder } from './journal/journal-files.js';
import { journalFolder } from './journal/journal-folder.js';
import { type JournalWriter, testify } from './journal/journal-state.js';
import { clearLeftover, isSameProcess } from './journal/leftover.js';
import { readJournal } from './journal/read-journal.js';
import { readBootId } from './processes/process-table.js';
import { Sweeper, signal } from './processes/sweeper.js';

/** What a worker finds of its previous life. */
export interface Recovered {
  /** What is known of each run that may still matter. Each belongs to the session it names. */
  readonly runs: readonly Testimony[];
  /** Sessions of which every started run is among `runs` or settled: one that is absent was never started. */
  readonly sessions: readonly string[];
  /** True when no process of `runs` is alive any more. */
  readonly proven: boolean;
}

/** How long the supervisor of the previous life may take for its last words, in milliseconds. */
const LAST_WORDS_MS = 22_000;
/** How long something that does not die is waited for. */
const KILLING_MS = 5_000;

/**
 * To be called by a worker that holds the lock of the data folder, before it opens its run host. Waits for the supervisor
 * of the previous life to speak its last words, kills what is left of that life (only processes that prove by their
 * environment, or by pid and start time in the same boot, that they belong to a journalled run), and gives what the
 * journal testifies. Changes nothing on the disk, so asking again is safe. Rejects when the journal cannot be read.
 */
export async function recover(dataFolder: string, log: Log): Promise<Recovered> {
  const files = new JournalFolder(journalFolder(dataFolder));
  const boot = readBootId();
  await outwait((await readJournal(files)).writer, boot, log);
  const journal = await readJournal(files);
  const sweeper = new Sweeper();
  const verdicts = await Promise.all([...journal.runs].map((run) => bury(run, boot, sweeper, log)));
  return {
    runs: verdicts.map((verdict) => verdict.testimony),
    sessions: journal.sessions,
    proven: verdicts.every((verdict) => verdict.isGone),
  };
}

async function outwait(writer: JournalWriter | undefined, boot: string, log: Log): Promise<void> {
  if (!writer) return;
  const isThere = (): boolean => isSameProcess(writer, boot);
  for (const since = performance.now(); isThere() && performance.now() - since < LAST_WORDS_MS; ) await delay(50);
  if (!isThere()) return;
  log.warn('the supervisor of the previous life does not end and is killed', { pid: writer.pid });
  while (isThere()) {
    signal(writer.pid, 'SIGKILL');
    await delay(20);
  }
}

async function bury(
  run: JournalledRun,
  boot: string,
  sweeper: Sweeper,
  log: Log,
): Promise<{ readonly testimony: Testimony; readonly isGone: boolean }> {
  const testimony = testify(run);
  const left = await clearLeftover(run, boot, sweeper, KILLING_MS);
  if (left === 'none') return { testimony, isGone: true };
  log.warn('a run of the previous life was still there and is killed', { runId: run.runId, jobName: run.jobName });
  return { testimony: { ...testimony, state: 'killed' }, isGone: left === 'killed' };
}

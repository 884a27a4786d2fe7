import { decodeEntry } from './journal-entry.js';
import type { JournalFiles } from './journal-files.js';
import { JournalState } from './journal-state.js';

/**
 * Folds all files of a journal, oldest first. A last line without its end was being written when the machine or the
 * process stopped: nothing was started on its word, so it is passed over. Any other damage is passed over as well, but
 * then nothing is concluded from what is absent.
 *
 * Rejects when a file cannot be read.
 */
export async function readJournal(files: JournalFiles): Promise<JournalState> {
  const state = new JournalState();
  for (const number of await files.list()) {
    const lines = (await files.read(number)).toString('utf8').split('\n');
    lines.pop();
    for (const line of lines) {
      const entry = decodeEntry(line);
      if (entry) state.apply(entry);
      else state.damage();
    }
  }
  return state;
}

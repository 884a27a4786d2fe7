import { join } from 'node:path';

/** Where the journal of a worker lives inside its data folder. */
export function journalFolder(dataFolder: string): string {
  return join(dataFolder, 'journal');
}

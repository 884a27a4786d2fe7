import { appendFile, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Log } from '@app/platform';
import { Entry } from './entry.js';

/** Past this size the file takes no more: what is refused by the thousand is one fault, not a thousand findings. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Of one refused entry so much is kept. */
const MAX_LINE_CHARS = 256 * 1024;

/** Where records and output end that the store will never take: one JSON object a line, for a person to look at. */
export class RefusedFile {
  count = 0;

  constructor(
    private readonly path: string,
    private readonly log: Log,
  ) {}

  /** Never rejects: what cannot be put aside either is in the log, and must not hold up the rest. */
  async add(entry: Entry, error: unknown): Promise<void> {
    this.count += 1;
    try {
      await mkdir(dirname(this.path), { recursive: true });
      const size = await stat(this.path).then(
        (file) => file.size,
        () => 0,
      );
      if (size > MAX_FILE_BYTES) return;
      const why = error instanceof Error ? error.message : String(error);
      const what = entry.kind === 'run' ? entry.run : { ...entry.chunk, data: entry.chunk.data.toString('base64') };
      await appendFile(this.path, `${JSON.stringify({ why, what: JSON.stringify(what).slice(0, MAX_LINE_CHARS) })}\n`);
    } catch (failure) {
      this.log.error('a refused record could not be put aside', { path: this.path, error: failure });
    }
  }
}

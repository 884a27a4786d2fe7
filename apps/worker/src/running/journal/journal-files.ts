import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** An append-only file that is open for writing. */
export interface JournalFile {
  /** Rejects when the bytes could not be written whole. */
  append(bytes: Buffer): Promise<void>;
  /** Resolves when everything appended is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The folder a journal lives in, as far as a journal needs one. Files are named by ascending numbers. */
export interface JournalFiles {
  /** Ascending. Empty when the folder is not there yet. */
  list(): Promise<number[]>;
  read(number: number): Promise<Buffer>;
  /** Creates the file, and the folder if needed; the name itself is on the disk when this resolves. */
  create(number: number): Promise<JournalFile>;
  remove(number: number): Promise<void>;
}

const NAME = /^journal-(\d+)\.log$/;

/** Journal files in a real folder. */
export class JournalFolder implements JournalFiles {
  constructor(private readonly folder: string) {}

  async list(): Promise<number[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names
      .map((name) => Number(NAME.exec(name)?.[1] ?? Number.NaN))
      .filter((number) => !Number.isNaN(number))
      .sort((a, b) => a - b);
  }

  read(number: number): Promise<Buffer> {
    return readFile(this.path(number));
  }

  async create(number: number): Promise<JournalFile> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const handle = await open(this.path(number), 'ax', 0o600);
    try {
      const folder = await open(this.folder, 'r');
      await folder.sync().finally(() => folder.close());
    } catch (error) {
      await handle.close();
      throw error;
    }
    return {
      append: (bytes) => handle.appendFile(bytes),
      sync: () => handle.datasync(),
      close: () => handle.close(),
    };
  }

  remove(number: number): Promise<void> {
    return rm(this.path(number), { force: true });
  }

  private path(number: number): string {
    return join(this.folder, `journal-${number}.log`);
  }
}

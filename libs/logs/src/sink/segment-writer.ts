import { FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Appends to one new file of the spool. What an append resolved for is on the disk. */
export class SegmentWriter {
  /** Bytes known to be on the disk. */
  durableBytes = 0;

  private constructor(
    readonly number: number,
    private readonly handle: FileHandle,
  ) {}

  /** Creates the file; rejects when it is there already or the disk refuses. */
  static async create(path: string, number: number): Promise<SegmentWriter> {
    const handle = await open(path, 'wx');
    try {
      await syncFolder(dirname(path));
    } catch (error) {
      await handle.close();
      await rm(path, { force: true });
      throw error;
    }
    return new SegmentWriter(number, handle);
  }

  /** Rejects when the disk refuses; the file may then end in half a frame and must not be appended to again. */
  async append(bytes: Buffer): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      written += (await this.handle.write(bytes, written, bytes.length - written)).bytesWritten;
    }
    await this.handle.datasync();
    this.durableBytes += bytes.length;
  }

  /** Closes it after a failed append, without the half frame where the disk lets that be cut off. */
  async closeTorn(): Promise<void> {
    await this.handle.truncate(this.durableBytes).catch(() => {});
    await this.close();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Makes the names in a folder survive a crash of the machine. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

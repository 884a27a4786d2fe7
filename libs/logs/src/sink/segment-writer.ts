import { FileHandle, open } from 'node:fs/promises';
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
    await syncFolder(dirname(path));
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

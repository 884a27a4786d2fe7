import type { JournalFile, JournalFiles } from '../../apps/worker/src/running/journal/journal-files.js';

/** A disk for journals that can be full, can lose what was not synced, and counts its syncs. */
export class JournalFilesInMemory implements JournalFiles {
  readonly contents = new Map<number, Buffer>();
  private readonly synced = new Map<number, number>();
  /** Bytes that still fit; what does not is written up to here and refused. */
  room = Number.POSITIVE_INFINITY;
  failSync = false;
  syncs = 0;
  /** Held syncs resolve when this does. */
  gate: Promise<void> = Promise.resolve();

  async list(): Promise<number[]> {
    return [...this.contents.keys()].sort((a, b) => a - b);
  }

  async read(number: number): Promise<Buffer> {
    return this.contents.get(number) ?? Buffer.alloc(0);
  }

  async create(number: number): Promise<JournalFile> {
    if (this.contents.has(number)) throw new Error('EEXIST');
    this.contents.set(number, Buffer.alloc(0));
    return {
      append: async (bytes) => {
        const written = bytes.subarray(0, Math.min(bytes.length, this.room));
        this.room -= written.length;
        this.contents.set(number, Buffer.concat([await this.read(number), written]));
        if (written.length < bytes.length) throw new Error('ENOSPC: no space left on device');
      },
      sync: async () => {
        await this.gate;
        if (this.failSync) throw new Error('EIO');
        this.syncs += 1;
        this.synced.set(number, (await this.read(number)).length);
      },
      close: async () => {},
    };
  }

  async remove(number: number): Promise<void> {
    this.contents.delete(number);
  }

  /** What is there after a power failure that kept `keep` bytes beyond the last sync of each file. */
  afterPowerLoss(keep = 0): JournalFilesInMemory {
    const after = new JournalFilesInMemory();
    for (const [number, bytes] of this.contents) {
      after.contents.set(number, bytes.subarray(0, (this.synced.get(number) ?? 0) + keep));
    }
    return after;
  }
}

import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Log } from '@app/platform';
import { decodeEntry, Entry, encodeEntry, sizeOf } from './entry.js';
import { encodeFrame } from './frame.js';
import { SegmentReader } from './segment-reader.js';
import { SegmentWriter } from './segment-writer.js';

/** A place in the spool: everything before it was written earlier. */
export interface SpoolPosition {
  readonly segment: number;
  readonly offset: number;
}

/** What a read gave out, and the place to acknowledge once it was delivered. */
export interface SpoolBatch {
  readonly entries: readonly Entry[];
  readonly end: SpoolPosition;
}

const SEGMENT_NAME = /^(\d{10})\.seg$/;

/** Negative when `a` comes before `b`. */
export function compareSpoolPositions(a: SpoolPosition, b: SpoolPosition): number {
  return a.segment - b.segment || a.offset - b.offset;
}

/**
 * Entries on disk, in the order they came, until they were delivered: append-only segment files, synced in groups, each
 * entry with its checksum. A torn end or damage costs the entries it hit and nothing else. What was read and not
 * acknowledged before a crash is read again.
 *
 * One caller appends at a time, and one reads, delivers and acknowledges at a time; the two may overlap.
 */
export class Spool {
  /** Bytes per segment on disk, by number, ascending. */
  private readonly segments = new Map<number, number>();
  private nextNumber = 1;
  private writer: SegmentWriter | undefined;
  private reader: SegmentReader | undefined;
  private isAppending = false;

  private constructor(
    private readonly folder: string,
    private readonly segmentBytes: number,
    private readonly log: Log,
  ) {}

  /** Opens the folder, creating it where needed; what earlier processes left there is read first. */
  static async open(folder: string, segmentBytes: number, log: Log): Promise<Spool> {
    const spool = new Spool(folder, segmentBytes, log);
    await mkdir(folder, { recursive: true });
    for (const name of (await readdir(folder)).sort()) {
      const number = Number(SEGMENT_NAME.exec(name)?.[1] ?? 0);
      if (number === 0) continue;
      spool.segments.set(number, (await stat(join(folder, name))).size);
      spool.nextNumber = number + 1;
    }
    return spool;
  }

  /** Bytes on disk that were not delivered, those of half-delivered segments included. */
  get bytes(): number {
    return [...this.segments.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Bytes not yet given out by `read`. */
  get unreadBytes(): number {
    return this.bytes - (this.reader?.offset ?? 0);
  }

  get segmentCount(): number {
    return this.segments.size;
  }

  /** Resolves, with the place behind them, when the entries are on the disk. Rejects when the disk refuses. */
  async append(entries: readonly Entry[]): Promise<SpoolPosition> {
    const bytes = Buffer.concat(entries.map((entry) => encodeFrame(encodeEntry(entry))));
    this.isAppending = true;
    try {
      const writer = this.writer ?? (await this.createSegment());
      await writer.append(bytes);
      this.segments.set(writer.number, writer.durableBytes);
      if (writer.durableBytes >= this.segmentBytes) await this.closeWriter();
      return { segment: writer.number, offset: writer.durableBytes };
    } catch (error) {
      await this.giveUpSegment();
      throw error;
    } finally {
      this.isAppending = false;
    }
  }

  /**
   * The next entries, up to so many and about so many bytes; undefined when all were read. Asked again only after the
   * ones before were acknowledged.
   */
  async read(maxEntries: number, maxBytes: number): Promise<SpoolBatch | undefined> {
    const entries: Entry[] = [];
    let bytes = 0;
    let begin = 0;
    while (entries.length < maxEntries && bytes < maxBytes) {
      const reader = await this.currentReader();
      if (reader === undefined) break;
      const isActive = reader.number === this.writer?.number;
      if (entries.length === 0) begin = reader.offset;
      const payload = await reader.next(isActive ? this.writer?.durableBytes : undefined).catch((error: unknown) => {
        // What was read before the disk failed was not given out: it comes again.
        reader.goBackTo(begin);
        throw error;
      });
      if (payload === undefined) {
        // A batch ends with its segment, so that one acknowledgement can delete it.
        if (entries.length > 0 || isActive) break;
        await this.finishSegment(reader);
        continue;
      }
      const entry = decodeEntry(payload);
      if (entry === undefined) {
        this.log.error('a record in the spool cannot be read and is left out', { segment: reader.number });
        continue;
      }
      entries.push(entry);
      bytes += sizeOf(entry);
    }
    if (entries.length === 0 || this.reader === undefined) return undefined;
    return { entries, end: { segment: this.reader.number, offset: this.reader.offset } };
  }

  /** Everything given out so far was delivered: deletes the segment being read if nothing is left in it. */
  async acknowledge(): Promise<void> {
    const reader = this.reader;
    if (reader === undefined || reader.offset < (this.segments.get(reader.number) ?? 0)) return;
    if (reader.number === this.writer?.number) {
      if (this.isAppending) return;
      await this.closeWriter();
    }
    await this.finishSegment(reader);
  }

  async close(): Promise<void> {
    await this.closeWriter();
    await this.reader?.close();
    this.reader = undefined;
  }

  private async createSegment(): Promise<SegmentWriter> {
    const number = this.nextNumber;
    this.nextNumber += 1;
    this.writer = await SegmentWriter.create(this.pathOf(number), number);
    this.segments.set(number, 0);
    return this.writer;
  }

  /** What the disk took of a failed append is given back to it: on a full disk that is room for the next. */
  private async giveUpSegment(): Promise<void> {
    const writer = this.writer;
    this.writer = undefined;
    if (writer === undefined) return;
    await writer.closeTorn();
    if (writer.durableBytes > 0 || this.reader?.number === writer.number) return;
    await rm(this.pathOf(writer.number), { force: true });
    this.segments.delete(writer.number);
  }

  private async closeWriter(): Promise<void> {
    const writer = this.writer;
    this.writer = undefined;
    await writer?.close();
  }

  private async currentReader(): Promise<SegmentReader | undefined> {
    const [first] = this.segments.keys();
    if (this.reader || first === undefined) return this.reader;
    try {
      this.reader = await SegmentReader.open(this.pathOf(first), first);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      this.log.error('a file of the spool was removed by someone else, and its records with it', { segment: first });
      this.segments.delete(first);
      return this.currentReader();
    }
    return this.reader;
  }

  private async finishSegment(reader: SegmentReader): Promise<void> {
    if (reader.damagedBytes > 0) {
      const { number: segment, damagedBytes } = reader;
      this.log.warn('the spool held bytes that are no records, such as the torn end of a crash', {
        segment,
        damagedBytes,
      });
    }
    try {
      await reader.close();
      await rm(this.pathOf(reader.number), { force: true });
    } catch (error) {
      // What is left lying is delivered once more after the next start, and changes nothing.
      this.log.error('a file of the spool that was delivered cannot be deleted', { segment: reader.number, error });
    }
    this.reader = undefined;
    this.segments.delete(reader.number);
  }

  private pathOf(number: number): string {
    return join(this.folder, `${String(number).padStart(10, '0')}.seg`);
  }
}

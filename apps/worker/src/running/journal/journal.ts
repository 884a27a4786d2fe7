import { encodeEntry, type JournalEntry } from './journal-entry.js';
import type { JournalFile, JournalFiles } from './journal-files.js';
import type { JournalState, JournalWriter } from './journal-state.js';
import { readJournal } from './read-journal.js';

/** Entries nobody waits for travel together when they come within so many milliseconds. */
const GATHER_MS = 10;

/** A file that reaches this size is followed by a new one that begins with what still matters. */
export const ROTATE_AT_BYTES = 4 * 1024 * 1024;

/**
 * The journal being written. Entries that arrive while the disk is busy travel together in the next write, so that a
 * thousand starts cost a few syncs.
 *
 * After a failed write the file is not trusted any more (its end may be torn, and a failed sync loses pages): the next
 * write begins a new file with all that matters. So the journal recovers as soon as the disk does.
 */
export class Journal {
  private file?: JournalFile;
  private bytes = 0;
  private isClosed = false;
  private lastNumber = 0;
  private waiting: { readonly lines: string[]; mustSync: boolean } = { lines: [], mustSync: false };
  /** The write that will carry what is waiting; undefined when nothing waits. */
  private nextWrite?: Promise<void>;
  private currentWrite: Promise<void> = Promise.resolve();
  private noteTimer?: NodeJS.Timeout;

  private constructor(
    private readonly files: JournalFiles,
    private readonly self: JournalWriter,
    /** What the journal tells, entries not yet written included. */
    readonly state: JournalState,
  ) {}

  /** Reads what is there and carries on from it. Rejects when the folder cannot be read; writes nothing yet. */
  static async open(files: JournalFiles, self: JournalWriter): Promise<Journal> {
    const state = await readJournal(files);
    state.apply(openEntry(self));
    return new Journal(files, self, state);
  }

  /** Resolves when the entry is on the disk, whatever happens to process or machine. Rejects when it may not be. */
  write(entry: JournalEntry): Promise<void> {
    if (this.isClosed) return Promise.reject(new Error('the journal is closed'));
    this.take(entry);
    this.waiting.mustSync = true;
    return this.scheduleWrite();
  }

  /**
   * Hands the entry over to the system soon; it outlives the process, not the machine. A failure is healed by the next
   * write, which carries the whole state.
   */
  note(entry: JournalEntry): void {
    if (this.isClosed) return;
    this.take(entry);
    this.noteTimer ??= setTimeout(() => this.scheduleWrite().catch(() => {}), GATHER_MS);
  }

  /** As `note`, but at once: without the entry, whoever comes after this process could not find what it names. */
  noteNow(entry: JournalEntry): void {
    if (this.isClosed) return;
    this.take(entry);
    this.scheduleWrite().catch(() => {});
  }

  /** Writes and syncs what waits, as far as the disk lets us, and closes the file. Nothing is written afterwards. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.waiting.mustSync = true;
    await this.scheduleWrite().catch(() => {});
    await this.file?.close().catch(() => {});
    this.file = undefined;
  }

  private take(entry: JournalEntry): void {
    for (const each of [entry, ...this.state.apply(entry)]) this.waiting.lines.push(encodeEntry(each));
  }

  private scheduleWrite(): Promise<void> {
    if (!this.nextWrite) {
      this.nextWrite = this.currentWrite
        .catch(() => {})
        .then(() => {
          clearTimeout(this.noteTimer);
          this.noteTimer = undefined;
          const { lines, mustSync } = this.waiting;
          this.waiting = { lines: [], mustSync: false };
          this.nextWrite = undefined;
          this.currentWrite = this.writeOut(lines.join(''), mustSync);
          return this.currentWrite;
        });
    }
    return this.nextWrite;
  }

  private async writeOut(text: string, mustSync: boolean): Promise<void> {
    try {
      if (!this.file || this.bytes >= ROTATE_AT_BYTES) {
        // The state already holds these entries.
        await this.beginFile();
        return;
      }
      const bytes = Buffer.from(text);
      this.bytes += bytes.length;
      await this.file.append(bytes);
      if (mustSync) await this.file.sync();
    } catch (error) {
      await this.file?.close().catch(() => {});
      this.file = undefined;
      throw error;
    }
  }

  /** A new file that tells everything; only when it is on the disk do the older ones go. */
  private async beginFile(): Promise<void> {
    const older = await this.files.list();
    await this.file?.close();
    this.file = undefined;
    this.lastNumber = Math.max(this.lastNumber, ...older) + 1;
    const bytes = Buffer.from([openEntry(this.self), ...this.state.snapshot()].map(encodeEntry).join(''));
    this.file = await this.files.create(this.lastNumber);
    this.bytes = bytes.length;
    try {
      await this.file.append(bytes);
      await this.file.sync();
    } catch (error) {
      await this.files.remove(this.lastNumber).catch(() => {});
      throw error;
    }
    for (const number of older) await this.files.remove(number);
  }
}

function openEntry(self: JournalWriter): JournalEntry {
  return { t: 'open', v: 1, boot: self.boot, pid: self.pid, ticks: self.ticks, worker: self.worker };
}

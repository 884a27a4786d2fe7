import { crc32 } from 'node:zlib';
import type { RunEnd } from '@app/jobs';

/** One line of the journal. Each is written before (`spawning`) or after (all others) what it tells of. */
export type JournalEntry =
  /** A supervisor began to write here; the process is named by pid and start time within the boot. */
  | {
      readonly t: 'open';
      readonly v: 1;
      readonly boot: string;
      readonly pid: number;
      readonly ticks?: number;
      readonly worker: string;
    }
  /** From here on the journal knows every run that was started under this session. */
  | { readonly t: 'session'; readonly session: string }
  /** It no longer does: runs of it had to be forgotten before they were settled. */
  | { readonly t: 'uncovered'; readonly session: string }
  | { readonly t: 'spawning'; readonly run: string; readonly job: string; readonly session: string }
  | { readonly t: 'pid'; readonly run: string; readonly pid: number; readonly ticks?: number; readonly at: number }
  /** The system refused to spawn it after all. */
  | { readonly t: 'never'; readonly run: string }
  | { readonly t: 'ended'; readonly run: string; readonly end: RunEnd }
  /** Killed because the worker was gone. */
  | { readonly t: 'killed'; readonly run: string; readonly end: RunEnd }
  | { readonly t: 'bind'; readonly run: string; readonly session: string }
  | { readonly t: 'settled'; readonly run: string }
  /** Carried over from an earlier file. */
  | { readonly t: 'carried'; readonly run: JournalledRun };

/** What the journal knows of one run. */
export interface JournalledRun {
  readonly runId: string;
  readonly jobName: string;
  readonly session: string;
  /** Boot of the machine under which it was to start. */
  readonly boot: string;
  readonly state: 'spawning' | 'running' | 'never' | 'ended' | 'killed';
  readonly pid?: number;
  readonly ticks?: number;
  /** Epoch milliseconds. */
  readonly startTime?: number;
  /** Without the tails of the output, which are not journalled. */
  readonly end?: RunEnd;
}

/** A line: checksum, blank, JSON. A line that was torn or overwritten shows by its checksum. */
export function encodeEntry(entry: JournalEntry): string {
  const json = JSON.stringify(entry);
  return `${checksum(json)} ${json}\n`;
}

/** undefined for a line that is torn, damaged, or of a version to come. */
export function decodeEntry(line: string): JournalEntry | undefined {
  const json = line.slice(9);
  if (line.slice(0, 9) !== `${checksum(json)} `) return undefined;
  try {
    return JSON.parse(json) as JournalEntry;
  } catch {
    return undefined;
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

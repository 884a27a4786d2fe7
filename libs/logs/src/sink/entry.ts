import { Run } from '@app/jobs';
import { OutputChunk } from '../port/history-store.js';

/** What travels through the sink. */
export type Entry =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'output'; readonly chunk: OutputChunk };

/** Bytes an entry takes in memory and on the wire, roughly. */
export function sizeOf(entry: Entry): number {
  if (entry.kind === 'output') return entry.chunk.data.length + 200;
  const { output, err, command, reason } = entry.run;
  return 400 + (output?.length ?? 0) + (err?.length ?? 0) + (command?.length ?? 0) + (reason?.length ?? 0);
}

/**
 * An entry as bytes: one letter for the kind, then a run as JSON, or a chunk as the length of its JSON head (four bytes,
 * little-endian), the head and the raw data.
 */
export function encodeEntry(entry: Entry): Buffer {
  if (entry.kind === 'run') return Buffer.from(`R${JSON.stringify(entry.run)}`);
  const { data, ...rest } = entry.chunk;
  const head = Buffer.from(JSON.stringify(rest));
  const prefix = Buffer.alloc(5, 'O');
  prefix.writeUInt32LE(head.length, 1);
  return Buffer.concat([prefix, head, data]);
}

/** Reads what `encodeEntry` wrote; undefined for anything else, such as a kind of a later version. */
export function decodeEntry(bytes: Buffer): Entry | undefined {
  try {
    const kind = String.fromCharCode(bytes[0] ?? 0);
    if (kind === 'R') return { kind: 'run', run: JSON.parse(bytes.toString('utf8', 1)) as Run };
    if (kind !== 'O') return undefined;
    const headEnd = 5 + bytes.readUInt32LE(1);
    const head = JSON.parse(bytes.toString('utf8', 5, headEnd)) as Omit<OutputChunk, 'data'>;
    return { kind: 'output', chunk: { ...head, data: bytes.subarray(headEnd) } };
  } catch {
    return undefined;
  }
}

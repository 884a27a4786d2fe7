import { crc32 } from 'node:zlib';

/** Marks the start of a frame, so that reading can go on after damage. */
const MAGIC = Buffer.from('fCr1');
const HEADER_BYTES = 12;

/** A frame longer than this is damage, not a record. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** What stands at a place of a segment. */
export type Frame =
  | { readonly state: 'whole'; readonly payload: Buffer; readonly end: number }
  /** The bytes end before the frame does; `needed` is the length that would hold it. */
  | { readonly state: 'cut'; readonly needed: number }
  /** Not a frame, or its checksum is wrong; the next place that looks like one is at `end`. */
  | { readonly state: 'damaged'; readonly end: number };

/** The payload with a mark, its length and its checksum (CRC-32) before it. */
export function encodeFrame(payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(payload.length, 4);
  header.writeUInt32LE(crc32(payload), 8);
  return Buffer.concat([header, payload]);
}

/** Reads the frame at `start`. */
export function readFrame(bytes: Buffer, start: number): Frame {
  const header = bytes.subarray(start, start + HEADER_BYTES);
  if (!MAGIC.subarray(0, header.length).equals(header.subarray(0, MAGIC.length))) return damaged(bytes, start);
  if (header.length < HEADER_BYTES) return { state: 'cut', needed: HEADER_BYTES };
  const length = header.readUInt32LE(4);
  if (length > MAX_FRAME_BYTES) return damaged(bytes, start);
  const end = start + HEADER_BYTES + length;
  if (end > bytes.length) return { state: 'cut', needed: HEADER_BYTES + length };
  const payload = bytes.subarray(start + HEADER_BYTES, end);
  return crc32(payload) === header.readUInt32LE(8) ? { state: 'whole', payload, end } : damaged(bytes, start);
}

/** Where the next frame may start, at or after `from`; undefined when nothing looks like one. */
function findFrame(bytes: Buffer, from: number): number | undefined {
  const found = bytes.indexOf(MAGIC, from);
  return found === -1 ? undefined : found;
}

function damaged(bytes: Buffer, start: number): Frame {
  return { state: 'damaged', end: findFrame(bytes, start + 1) ?? bytes.length };
}

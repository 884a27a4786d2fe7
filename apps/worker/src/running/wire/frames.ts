/** One message with the bytes that travel beside it (empty for most). */
export interface Frame {
  readonly message: unknown;
  readonly payload: Buffer;
}

/** The other side does not speak our framing: a bug, or not our program. The connection is of no further use. */
export class BrokenFrame extends Error {}

/** Longest frame either side accepts, in bytes. An order is far below it: a job document has at most 64 KiB. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

const HEADER_BYTES = 8;
const NOTHING = Buffer.alloc(0);

/**
 * The bytes of one frame: total length and length of the JSON (32 bits each, little-endian), the JSON, the payload.
 * Output stays binary that way, and is never escaped or copied into a string.
 */
export function encodeFrame(message: unknown, payload: Buffer = NOTHING): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(json.length + payload.length, 0);
  header.writeUInt32LE(json.length, 4);
  return Buffer.concat([header, json, payload]);
}

/** Puts frames together from the pieces a socket delivers. Keeps at most one unfinished frame. */
export class FrameReader {
  private readonly pieces: Buffer[] = [];
  private held = 0;
  /** Bytes needed before there is anything to do; spares a concat per piece of a large frame. */
  private needed = HEADER_BYTES;

  /** Frames completed by this piece, in order. Throws BrokenFrame when the bytes cannot be a frame. */
  push(piece: Buffer): Frame[] {
    this.pieces.push(piece);
    this.held += piece.length;
    if (this.held < this.needed) return [];
    const bytes = this.pieces.length === 1 ? piece : Buffer.concat(this.pieces);
    const frames: Frame[] = [];
    let at = 0;
    this.needed = HEADER_BYTES;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = HEADER_BYTES + bytes.readUInt32LE(at);
      if (length > MAX_FRAME_BYTES) throw new BrokenFrame(`a frame of ${length} bytes`);
      if (bytes.length - at < length) {
        this.needed = length;
        break;
      }
      frames.push(decode(bytes.subarray(at, at + length)));
      at += length;
    }
    this.pieces.length = 0;
    this.held = bytes.length - at;
    if (this.held > 0) this.pieces.push(bytes.subarray(at));
    return frames;
  }
}

function decode(bytes: Buffer): Frame {
  const end = HEADER_BYTES + bytes.readUInt32LE(4);
  if (end > bytes.length) throw new BrokenFrame('a message longer than its frame');
  try {
    return { message: JSON.parse(bytes.toString('utf8', HEADER_BYTES, end)), payload: bytes.subarray(end) };
  } catch (cause) {
    throw new BrokenFrame('a message that is not JSON', { cause });
  }
}

import { TextDecoder } from 'node:util';
import { OutputStream } from '@app/jobs';
import { OutputChunk } from '@app/logs';
import { z } from 'zod';
import { iso } from '../api/fields.js';
import { outputPieceDto } from './output.dto.js';

/**
 * Turns chunks of bytes into text as they come, in order. A character that one chunk begins and a later one of the same
 * stream ends is shown with the later one.
 */
export class OutputText {
  private readonly decoders = new Map<OutputStream, TextDecoder>();

  piece(chunk: OutputChunk): z.infer<typeof outputPieceDto> {
    const { seq, stream, offset, cutBefore } = chunk;
    const before = cutBefore > 0 ? this.flush(stream) : '';
    const text = before + this.decoder(stream).decode(chunk.data, { stream: true });
    return { seq, stream, at: iso(chunk.at), offset, cutBefore, text };
  }

  /** Begins in the middle: a character that these bytes of the stream leave open is shown with the next chunk. */
  goOnAfter(stream: OutputStream, bytes: Buffer): void {
    this.decoder(stream).decode(bytes, { stream: true });
  }

  private flush(stream: OutputStream): string {
    return this.decoder(stream).decode();
  }

  private decoder(stream: OutputStream): TextDecoder {
    const decoder = this.decoders.get(stream) ?? new TextDecoder('utf-8', { ignoreBOM: true });
    this.decoders.set(stream, decoder);
    return decoder;
  }
}

/** The part of a chunk at or after a byte of its stream; undefined when all of it stands before. */
export function fromOffset(chunk: OutputChunk, offset: number): OutputChunk | undefined {
  if (chunk.offset >= offset) {
    return chunk;
  }
  const data = chunk.data.subarray(offset - chunk.offset);
  return data.length === 0 ? undefined : { ...chunk, offset, cutBefore: 0, data };
}

/** What stands in a saved file where bytes were not kept. */
export function cutMark(bytes: number): string {
  return `\n[... ${bytes} bytes were not kept ...]\n`;
}

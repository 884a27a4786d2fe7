import { IncomingMessage } from 'node:http';
import { BodyTooLarge, MalformedRequest } from './http-errors.js';

/** Largest body taken. */
const BODY_LIMIT_BYTES = 256 * 1024;

/**
 * Reads the whole body as text. Throws BodyTooLarge as soon as it is known to be (what is left is not read), and
 * MalformedRequest for bytes that are no UTF-8 or for a sender that stopped in the middle. Compressed bodies are not
 * taken: they would be measured after the harm is done.
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const encoding = request.headers['content-encoding'];
  if (encoding && encoding !== 'identity') {
    throw new MalformedRequest('A compressed body is not taken; send it as it is.');
  }
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) {
    throw new BodyTooLarge(BODY_LIMIT_BYTES);
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    // Left open on purpose: destroying the request would cut the connection before the answer is out.
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      bytes += (piece as Buffer).length;
      if (bytes > BODY_LIMIT_BYTES) {
        throw new BodyTooLarge(BODY_LIMIT_BYTES);
      }
      pieces.push(piece as Buffer);
    }
  } catch (error) {
    throw error instanceof BodyTooLarge ? error : new MalformedRequest('The body ended too early.');
  }
  return decoded(Buffer.concat(pieces));
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new MalformedRequest('The body is not UTF-8.');
  }
}

import { NotFound } from '@app/platform';
import { NextFunction, Request, Response } from 'express';

/**
 * Lets only plainly spelled paths through, so that what the guard sees and what the router sees can never differ. The
 * rest answers 404: doubled slashes, `;x` parameters, backslashes, dot segments, encoded slashes or control characters,
 * characters encoded without need (`%61pi`), and encodings that are no UTF-8.
 */
export function pathGate(request: Request, _response: Response, next: NextFunction): void {
  const path = request.url.split('?', 1)[0] ?? '';
  next(isPlainPath(path) ? undefined : new NotFound('path', printable(path)));
}

/** Whether a raw request path has one spelling only. */
function isPlainPath(path: string): boolean {
  if (!path.startsWith('/') || /\/\/|[;\\]/.test(path)) {
    return false;
  }
  const encoded = path.match(/%.{0,2}/g) ?? [];
  if (!encoded.every(isNeeded)) {
    return false;
  }
  const segments = path.split('/').map(decoded);
  return segments.every((segment) => segment !== undefined && segment !== '.' && segment !== '..');
}

/** True for a complete escape of a byte that could not stand there as itself. */
function isNeeded(code: string): boolean {
  if (!/^%[0-9A-Fa-f]{2}$/.test(code)) {
    return false;
  }
  const byte = Number.parseInt(code.slice(1), 16);
  const isControl = byte < 0x20 || byte === 0x7f;
  return !isControl && !/[\w.~\-/\\;]/.test(String.fromCharCode(byte));
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function printable(path: string): string {
  return path.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}

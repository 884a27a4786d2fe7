import { randomUUID } from 'node:crypto';
import { NextFunction, Request, Response } from 'express';

const HEADER = 'X-Request-Id';
const ids = new WeakMap<object, string>();

/** Gives each request an id, the caller's own where it is harmless, and says it in the response. */
export function requestIds(request: Request, response: Response, next: NextFunction): void {
  response.set(HEADER, requestIdOf(request));
  next();
}

/** The id of this request: the same at every call. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request);
  if (known) {
    return known;
  }
  const given = request.get(HEADER);
  const id = given && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  ids.set(request, id);
  return id;
}

import { InvalidInput } from '@app/platform';
import { SERVER_FIELDS } from './job.dto.js';

/**
 * The part of a sent job that people write: without the fields the server added when it was read, so that a GET can be
 * edited and PUT back. Throws InvalidInput for anything that is no JSON object.
 */
export function writtenPart(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidInput([{ path: '', message: 'must be a JSON object' }]);
  }
  return Object.fromEntries(Object.entries(body).filter(([field]) => !SERVER_FIELDS.includes(field)));
}

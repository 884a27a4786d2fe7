import { InvalidInput, StoreUnavailable } from '@app/platform';
import { Error as MongooseError, mongo } from 'mongoose';
import { HistoryRefused } from '../port/errors.js';

/**
 * Codes of a server that looked at a document and will not have it: BadValue, TypeMismatch, InvalidBSON,
 * DollarPrefixedFieldName, DocumentValidationFailure, BSONObjectTooLarge, key too large to index.
 * See https://www.mongodb.com/docs/manual/reference/error-codes/
 */
const REFUSED_CODES = new Set<unknown>([2, 14, 22, 52, 121, 10334, 17280, 17419, 17420]);

/** Of these, BadValue and TypeMismatch are also the answer to a command, such as a write concern the server cannot meet. */
const COMMAND_CODES = new Set<unknown>([2, 14]);

/** Code of a unique index that is violated. */
export const DUPLICATE_KEY = 11000;

/** Whether a read can fail so, or only a write. */
export type Access = 'read' | 'write';

/**
 * The driver's errors in the port's words. Only what is surely about the document itself is a refusal; everything else
 * (network, elections, rights, full disks) may be healed, so it is "again later".
 */
export function translated(operation: string, access: Access, error: unknown): unknown {
  if (error instanceof StoreUnavailable || error instanceof HistoryRefused || error instanceof InvalidInput)
    return error;
  if (access === 'write' && isRefusal(error)) return new HistoryRefused(operation, error);
  const neverSent = error instanceof mongo.MongoServerSelectionError || error instanceof MongooseError;
  return new StoreUnavailable(operation, access === 'read' || neverSent ? 'notDone' : 'unknown', error);
}

function isRefusal(error: unknown): boolean {
  if (error instanceof mongo.MongoBulkWriteError && [error.writeErrors].flat().length === 0) {
    return REFUSED_CODES.has(error.code) && !COMMAND_CODES.has(error.code);
  }
  if (error instanceof mongo.MongoServerError) return REFUSED_CODES.has(error.code);
  // Raised by the driver before anything is sent: a document over 16 MiB, a value BSON has no form for.
  return (
    error instanceof mongo.MongoInvalidArgumentError ||
    error instanceof mongo.BSON.BSONError ||
    error instanceof RangeError
  );
}

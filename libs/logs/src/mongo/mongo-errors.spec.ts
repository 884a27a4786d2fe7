import { StoreUnavailable } from '@app/platform';
import { mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { HistoryRefused } from '../port/errors.js';
import { translated } from './mongo-errors.js';

/** As the driver throws it: of single documents where they are named, of the whole command where not. */
function bulkError(code: number, documents: readonly number[]): mongo.MongoBulkWriteError {
  const writeErrors = documents.map((index) => ({ index, code, errmsg: 'no' }) as mongo.WriteError);
  return new mongo.MongoBulkWriteError({ message: 'no', code, writeErrors }, {} as never);
}

describe('an error of the driver in the words of the port', () => {
  it.each([2, 14, 121, 10334])('is a refusal where it is about a document (code %i)', (code) => {
    expect(translated('write runs', 'write', bulkError(code, [0]))).toBeInstanceOf(HistoryRefused);
  });

  it.each([2, 14])('is no refusal where the server does not do what it is asked at all (code %i)', (code) => {
    // Such as a write concern of two members on a server that stands alone: records wait until that is set right.
    expect(translated('write runs', 'write', bulkError(code, []))).toBeInstanceOf(StoreUnavailable);
  });

  it('is a refusal where a command is too large for any server', () => {
    expect(translated('write runs', 'write', bulkError(10334, []))).toBeInstanceOf(HistoryRefused);
  });

  it('is never a refusal of a read', () => {
    expect(translated('read runs', 'read', bulkError(2, [0]))).toBeInstanceOf(StoreUnavailable);
  });
});

import { IKeyValue, IRangeResponse } from 'etcd3';
import { Entry, RangeOptions, RangePage } from '../port/coordination-store.js';
import { CallFailure, meaningOf } from './call-failure.js';
import { decodeEntry, isNameable, keyAfter, prefixRange } from './codec.js';

const DEFAULT_LIMIT = 1_000;

/** Sends one range request. Throws CallFailure. */
export type SendRange = (request: object) => Promise<IRangeResponse>;

/**
 * Reads a page as `CoordinationStore.range` promises. Keys that are not UTF-8 are passed over; a page whose answer is
 * too large for one message is read smaller. Throws CallFailure.
 */
export async function readPage(send: SendRange, prefix: string, options: RangeOptions): Promise<RangePage> {
  const whole = prefixRange(prefix);
  let limit = Math.max(1, options.limit ?? DEFAULT_LIMIT);
  let revision = options.revision;
  let from = startOf(whole.key, options.after);
  for (;;) {
    const request = {
      key: from,
      range_end: whole.range_end,
      limit,
      revision: revision ?? 0,
      keys_only: options.keysOnly ?? false,
    };
    const response = await send(request).catch((error: unknown) => {
      if (limit > 1 && isTooLarge(error)) return undefined;
      throw error;
    });
    if (!response) {
      limit = Math.ceil(limit / 8);
      continue;
    }
    revision ??= Number(response.header.revision);
    const entries = response.kvs.filter(isNameable).map(decodeEntry);
    if (entries.length > 0 || !response.more) return pageOf(entries, response.more, revision);
    from = keyAfter((response.kvs.at(-1) as IKeyValue).key);
  }
}

function pageOf(entries: readonly Entry[], more: boolean, revision: number): RangePage {
  return { entries, more, revision };
}

function startOf(first: Buffer, after: string | undefined): Buffer {
  if (after === undefined) return first;
  const next = keyAfter(Buffer.from(after));
  return Buffer.compare(next, first) > 0 ? next : first;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof CallFailure && meaningOf(error).kind === 'tooLargeAnswer';
}

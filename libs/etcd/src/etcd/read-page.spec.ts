import { IRangeResponse } from 'etcd3';
import { describe, expect, it } from 'vitest';
import { CallFailure, GrpcStatus } from './call-failure.js';
import { prefixRange } from './codec.js';
import { readPage } from './read-page.js';

interface Request {
  readonly key: Buffer;
  readonly range_end: Buffer;
  readonly limit: number;
  readonly revision: number;
}

/** A server with these keys that answers at most `mostEntries` at once, as bytes would limit it. */
function server(names: readonly Buffer[], mostEntries = Infinity) {
  const requests: Request[] = [];
  const keys = [...names].sort(Buffer.compare);
  const send = async (request: object): Promise<IRangeResponse> => {
    const { key, range_end: end, limit } = request as Request;
    requests.push(request as Request);
    const found = keys.filter((one) => Buffer.compare(one, key) >= 0 && Buffer.compare(one, end) < 0);
    const page = found.slice(0, limit);
    if (page.length > mostEntries) {
      throw new CallFailure(GrpcStatus.RESOURCE_EXHAUSTED, 'Received message larger than max (9 vs 8)', true);
    }
    const kvs = page.map((one) => ({ key: one, value: one, create_revision: '2', mod_revision: '3', lease: '0' }));
    return {
      header: { revision: '9' },
      kvs,
      more: found.length > page.length,
      count: '0',
    } as unknown as IRangeResponse;
  };
  return { requests, send };
}

const plain = Array.from({ length: 100 }, (_, index) => Buffer.from(`/a/${String(index).padStart(3, '0')}`));

describe('readPage', () => {
  it('reads a page smaller when its answer would be too large for one message', async () => {
    const { send } = server(plain, 10);
    const page = await readPage(send, '/a/', { limit: 80 });
    expect([page.entries.length, page.more, page.revision]).toEqual([10, true, 9]);
    const next = await readPage(send, '/a/', { limit: 80, after: page.entries.at(-1)!.key });
    expect(next.entries[0]!.key).toBe('/a/010');
  });

  it('gives up on a single entry that is too large', async () => {
    await expect(readPage(server(plain, 0).send, '/a/', {})).rejects.toThrow('larger than max');
  });

  it('passes over keys that are not text, a page full of them too, at one revision', async () => {
    const odd = Array.from({ length: 30 }, (_, index) => Buffer.from([0x2f, 0x61, 0x2f, 0x80, index]));
    const { send, requests } = server([...odd, Buffer.from('/a/zebra'), Buffer.from('/a/ä')]);
    const first = await readPage(send, '/a/', { limit: 1 });
    expect([first.entries[0]!.key, first.more]).toEqual(['/a/zebra', true]);
    requests.length = 0;
    const second = await readPage(send, '/a/', { limit: 10, after: '/a/zebra' });
    expect([second.entries[0]!.key, second.more]).toEqual(['/a/ä', false]);
    expect(requests.slice(1).every(({ revision }) => revision === 9)).toBe(true);
  });
});

describe('prefixRange', () => {
  it.each([
    ['/a/', [0x2f, 0x61, 0x2f], [0x2f, 0x61, 0x30]],
    ['', [0], [0]],
    ['\u{10ffff}', [0xf4, 0x8f, 0xbf, 0xbf], [0xf4, 0x8f, 0xbf, 0xc0]],
  ])('of %j ends where no key with the prefix can be', (prefix, key, end) => {
    expect(prefixRange(prefix)).toEqual({ key: Buffer.from(key), range_end: Buffer.from(end) });
  });
});

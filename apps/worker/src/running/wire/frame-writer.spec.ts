import { Writable } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { FrameWriter } from './frame-writer.js';
import { FrameReader } from './frames.js';

/** A stream that notes how many frames came in each write of many. */
function noting(): { stream: Writable; writes: number[] } {
  const writes: number[] = [];
  const note = (bytes: Buffer): void => void writes.push(new FrameReader().push(bytes).length);
  const stream = new Writable({
    write: (bytes, _, done) => {
      note(bytes);
      done();
    },
    writev: (chunks, done) => {
      note(Buffer.concat(chunks.map(({ chunk }) => chunk)));
      done();
    },
  });
  return { stream, writes };
}

it('sends what is written in one turn together', async () => {
  const { stream, writes } = noting();
  const writer = new FrameWriter(stream);
  writer.write({ t: 1 });
  writer.write({ t: 2 });
  await vi.waitFor(() => expect(writes).toEqual([2]));
});

it('sends what is written over some turns together when it may gather', async () => {
  const { stream, writes } = noting();
  const writer = new FrameWriter(stream, 50);
  writer.write({ t: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  writer.write({ t: 2 });
  expect(writes).toEqual([]);
  await vi.waitFor(() => expect(writes).toEqual([2]));
  writer.write({ t: 3 });
  await vi.waitFor(() => expect(writes).toEqual([2, 1]));
});

it('gathers no more than a little, and nothing that is left behind when the stream ends', async () => {
  const { stream, writes } = noting();
  const writer = new FrameWriter(stream, 60_000);
  writer.write({ t: 1 }, Buffer.alloc(100_000));
  expect(writes).toEqual([1]);
  writer.write({ t: 2 });
  stream.end();
  await vi.waitFor(() => expect(writes).toEqual([1, 1]));
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokenFrame, encodeFrame, FrameReader } from './frames.js';

describe('frames', () => {
  it('come out as they went in, however the bytes are cut', () => {
    const frame = fc.record({ message: fc.jsonValue(), payload: fc.uint8Array({ maxLength: 200 }) });
    const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 10 }), cuts, (sent, sizes) => {
        const bytes = Buffer.concat(sent.map(({ message, payload }) => encodeFrame(message, Buffer.from(payload))));
        const reader = new FrameReader();
        const received = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          received.push(...reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(received.map(({ message }) => JSON.stringify(message))).toEqual(
          sent.map(({ message }) => JSON.stringify(message)),
        );
        expect(received.map(({ payload }) => payload.toString('hex'))).toEqual(
          sent.map(({ payload }) => Buffer.from(payload).toString('hex')),
        );
      }),
    );
  });

  it.each([
    ['too long', Buffer.from([0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0])],
    ['a message longer than the frame', Buffer.from([1, 0, 0, 0, 2, 0, 0, 0, 0x31])],
    ['no JSON', Buffer.from([1, 0, 0, 0, 1, 0, 0, 0, 0x7b])],
  ])('are refused when broken: %s', (_, bytes) => {
    expect(() => new FrameReader().push(bytes)).toThrow(BrokenFrame);
  });
});

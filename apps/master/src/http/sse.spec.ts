import { ManualClock } from '@app/platform';
import { Response } from 'express';
import { expect, it } from 'vitest';
import { SseStream } from './sse.js';

it.each([
  ['closed', { closed: true, destroyed: false }],
  ['destroyed', { closed: false, destroyed: true }],
])('a stream to a client whose response is %s already is over at once, and keeps no timer', (_what, state) => {
  const calls: string[] = [];
  const response = {
    ...state,
    status: () => response,
    set: () => response,
    flushHeaders: () => {},
    on: () => response,
    end: () => calls.push('end'),
    write: () => calls.push('write'),
  };
  const clock = new ManualClock();
  const stream = new SseStream(response as unknown as Response, clock, async () => true);
  expect(stream.closed.aborted).toBe(true);
  expect(stream.send({ event: 'status', data: {} })).toBe(false);
  expect(calls).toEqual(['end']);
  expect(clock.pendingTimers).toBe(0);
});

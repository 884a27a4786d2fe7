import type { Output, OutputPiece, Run } from '@fleetcron/sdk';
import { describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../api/problem';
import type { OutputEvent } from './follow-stream';
import { type OutputPort, OutputSource, type SourceState } from './output-source';

const piece = (seq: number): OutputPiece => ({
  seq,
  stream: 'stdout',
  at: '2026-11-21T01:00:00.000Z',
  offset: seq,
  cutBefore: 0,
  text: String(seq),
});
const output = (seq: number): OutputEvent => ({ event: 'output', data: JSON.stringify(piece(seq)) });
const END: OutputEvent = { event: 'end', data: JSON.stringify({ id: 'r', status: 'succeeded' }) };

/** A run whose pieces are stored up to a count; streams are scripted, one list of events per connection. */
function world({ stored = 0, isComplete = false, streams = [] as (OutputEvent | Error)[][] } = {}) {
  const asked: string[] = [];
  const port: OutputPort = {
    readPage: async (fromSeq, limit): Promise<Output> => {
      asked.push(`page ${fromSeq}`);
      const items = Array.from({ length: stored }, (_, seq) => piece(seq)).slice(fromSeq, fromSeq + limit);
      const nextSeq = fromSeq + items.length;
      return { items, nextSeq, isComplete: isComplete && nextSeq >= stored };
    },
    async *follow(fromSeq) {
      asked.push(`stream ${fromSeq}`);
      for (const event of streams.shift() ?? [END]) {
        if (event instanceof Error) throw event;
        yield event;
      }
    },
    signIn: vi.fn(async () => undefined),
    pause: vi.fn(async () => undefined),
  };
  const told: number[] = [];
  const states: SourceState[] = [];
  const ended: Run[] = [];
  const done = new Promise<void>((resolve) => {
    const listener = {
      piece: ({ seq }: OutputPiece) => told.push(seq),
      state: (state: SourceState) => {
        states.push(state);
        if (state === 'complete' || state === 'failed') setTimeout(resolve);
      },
      ended: (run: Run) => ended.push(run),
    };
    new OutputSource(port, listener).start();
  });
  return { port, asked, told, states, ended, done };
}

const upTo = (count: number) => Array.from({ length: count }, (_, seq) => seq);

describe('reading an output', () => {
  it('pages through one that has ended, each piece once, and opens no stream', async () => {
    const { told, states, asked, done } = world({ stored: 130, isComplete: true });
    await done;
    expect(told).toEqual(upTo(130));
    expect(states.at(-1)).toBe('complete');
    expect(asked.filter((each) => each.startsWith('stream'))).toEqual([]);
  });

  it('follows one that goes on from where the pages ended, and says when it has ended', async () => {
    const streams = [[{ event: 'status', data: '{"status":"running"}' }, output(1), output(2), output(3), END]];
    const { told, states, ended, done } = world({ stored: 3, streams });
    await done;
    expect(told).toEqual(upTo(4));
    expect(states).toEqual(['reading', 'following', 'complete']);
    expect(ended).toEqual([{ id: 'r', status: 'succeeded' }]);
  });

  it('goes on after a loss where it was, each piece once', async () => {
    const streams = [
      [output(0), output(1), new TypeError('network')],
      [output(1), output(2), END],
    ];
    const { told, states, port, done } = world({ streams });
    await done;
    expect(told).toEqual(upTo(3));
    expect(states).toContain('lost');
    expect(port.pause).toHaveBeenCalledTimes(1);
  });

  it('goes on after a stream that just closes', async () => {
    const { told, done } = world({ streams: [[output(0)], [output(1)], [output(2), END]] });
    await done;
    expect(told).toEqual(upTo(3));
  });

  it('asks for pieces before the next once more, so that no character is torn', async () => {
    const { asked, done } = world({ stored: 20, streams: [[END]] });
    await done;
    expect(asked).toEqual(['page 0', 'page 8', 'page 16', 'stream 16']);
  });

  it('lets the person sign in again and goes on', async () => {
    const streams = [[new ApiProblem('unauthenticated', 'no session', 401)], [output(0), END]];
    const { told, port, done } = world({ streams });
    await done;
    expect(port.signIn).toHaveBeenCalledTimes(1);
    expect(told).toEqual([0]);
  });

  it('gives up where there is no such run', async () => {
    const { states, done } = world({ streams: [[new ApiProblem('not_found', 'no run', 404)]] });
    await done;
    expect(states).toEqual(['reading', 'failed']);
  });

  it('may be stopped and started again without losing or doubling a piece', async () => {
    let release: () => void = () => undefined;
    const told: number[] = [];
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let connections = 0;
    const port: OutputPort = {
      readPage: async () => ({ items: [], nextSeq: 0, isComplete: false }),
      async *follow() {
        connections += 1;
        yield output(0);
        if (connections === 1) await held;
        yield output(1);
        yield END;
      },
      signIn: async () => undefined,
      pause: async () => undefined,
    };
    const done = new Promise<void>((resolve) => {
      const source = new OutputSource(port, {
        piece: ({ seq }) => {
          told.push(seq);
          if (connections === 1 && seq === 0) {
            source.stop();
            source.start();
          }
        },
        state: (state) => state === 'complete' && resolve(),
      });
      source.start();
    });
    await done;
    release();
    await new Promise((resolve) => setTimeout(resolve));
    expect(told).toEqual([0, 1]);
  });
});

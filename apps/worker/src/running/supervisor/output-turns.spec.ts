import type { OutputPiece } from '@app/jobs';
import { beforeEach, describe, expect, it } from 'vitest';
import { type OutputSource, OutputTurns } from './output-turns.js';

/** A sink with room for so many pieces. */
let room: number;
let moreRoom: () => void;
let sent: string[];
let turns: OutputTurns;

beforeEach(() => {
  room = Number.POSITIVE_INFINITY;
  sent = [];
  turns = new OutputTurns({
    canTake: () => room > 0,
    send: ({ runId, seq }) => {
      room -= 1;
      sent.push(`${runId}${seq}`);
    },
    whenRoom: (call) => {
      moreRoom = call;
    },
  });
});

function source(runId: string, pieces: number): OutputSource {
  let seq = 0;
  const rest = { runId, stream: 'stdout', at: 0, offset: 0, data: Buffer.alloc(0), cutBefore: 0 } as const;
  return { nextPiece: (): OutputPiece | undefined => (seq < pieces ? { ...rest, seq: seq++ } : undefined) };
}

describe('turns', () => {
  it('send at once what there is room for', () => {
    turns.ask(source('a', 3));
    expect(sent).toEqual(['a0', 'a1', 'a2']);
  });

  it('hold everything while there is no room, and go on when there is', () => {
    room = 1;
    turns.ask(source('a', 3));
    expect(sent).toEqual(['a0']);
    room = 5;
    moreRoom();
    expect(sent).toEqual(['a0', 'a1', 'a2']);
  });

  it('let a run that prints much delay the others by a piece each', () => {
    room = 2;
    turns.ask(source('much', 100));
    turns.ask(source('few', 1));
    turns.ask(source('some', 2));
    room = 6;
    moreRoom();
    expect(sent.slice(2)).toEqual(['much2', 'few0', 'some0', 'much3', 'some1', 'much4']);
  });

  it('are one per run, however often it asks', () => {
    room = 0;
    const [a, b] = [source('a', 9), source('b', 9)];
    for (const each of [a, a, a, b]) turns.ask(each);
    room = 4;
    moreRoom();
    expect(sent).toEqual(['a0', 'b0', 'a1', 'b1']);
  });
});

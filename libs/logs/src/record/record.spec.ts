import { RUN_STATUSES, RunStatus } from '@app/jobs';
import { InvalidInput } from '@app/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleRun } from '../contract/samples.js';
import { literalPattern } from '../mongo/literal-pattern.js';
import { pack, unpack } from './packing.js';
import { comparePositions, decodeCursor, encodeCursor } from './position.js';
import { coalesceRuns, isLateTruth, takesOver } from './precedence.js';

const records = fc
  .record({ status: fc.constantFrom<RunStatus>(...RUN_STATUSES), late: fc.boolean(), isByOthers: fc.boolean() })
  .map(({ isByOthers, ...state }) => {
    const { command, ...run } = sampleRun({ id: 'r', ...state });
    return isByOthers ? run : { ...run, command };
  });

describe('takesOver', () => {
  const rank = (status: RunStatus) => Math.min(2, RUN_STATUSES.indexOf(status));

  it('never lets a status go backwards', () => {
    fc.assert(
      fc.property(records, records, (incoming, stored) => {
        if (takesOver(incoming, stored)) expect(rank(incoming.status)).toBeGreaterThanOrEqual(rank(stored.status));
      }),
    );
  });

  it('ends in the same class of result whatever order records come in, and a replay changes nothing', () => {
    fc.assert(
      fc.property(fc.array(records, { minLength: 1, maxLength: 6 }), fc.nat(), (list, seed) => {
        const runs = list.map((record, n) => ({ ...record, reason: String(n) }));
        const [settled] = coalesceRuns(runs);
        const turned = [...runs.slice(seed % runs.length), ...runs.slice(0, seed % runs.length)];
        const [other] = coalesceRuns(turned);
        expect(rank(other!.status)).toBe(rank(settled!.status));
        expect(coalesceRuns([settled!, ...runs])[0]).toSatisfy(
          (run: typeof settled) =>
            run === settled || (settled!.status === 'lost' && isLateTruth(run!)) || rank(run!.status) < 2,
        );
      }),
    );
  });
});

describe('cursors', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.string({ maxLength: 100 }), (scheduledTime, id) => {
        expect(decodeCursor(encodeCursor({ scheduledTime, id }))).toEqual({ scheduledTime, id });
      }),
    );
  });

  it('are refused when they are anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), (text) => {
        try {
          expect(encodeCursor(decodeCursor(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInput);
        }
      }),
    );
  });

  it('order ids as UTF-8 bytes, as the stores do', () => {
    const at = (id: string) => ({ scheduledTime: 1, id });
    // By UTF-16 units the emoji would come before the full-width letter.
    expect(comparePositions(at('😀'), at('ａ'))).toBeLessThan(0);
    expect(comparePositions(at('a'), at('a'))).toBe(0);
  });
});

describe('pack', () => {
  it('gives back any bytes and never makes them larger', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const packed = await pack(Buffer.from(bytes));
        expect(packed.data.length).toBeLessThanOrEqual(bytes.length);
        expect(Buffer.compare(await unpack(packed), bytes)).toBe(0);
      }),
    );
  });
});

describe('literalPattern', () => {
  it('finds exactly the text, whatever its case', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), (text) => {
        expect(new RegExp(literalPattern(text)).test(`before ${text.toLowerCase()} after`)).toBe(true);
      }),
    );
    expect(new RegExp(literalPattern('a.c')).test('abc')).toBe(false);
    expect(literalPattern('été')).toBe('[éÉ][tT][éÉ]');
  });
});

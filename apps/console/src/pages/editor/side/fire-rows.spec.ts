import { describe, expect, it } from 'vitest';
import { compareFires } from '@/schedule/compare-fires';
import { clockOf, sayRows } from './fire-rows';

const at = (text: string) => Date.parse(text);

describe('fires in words', () => {
  it('name their zones where more than one is about', () => {
    const saved = ['2026-11-21T17:00:00Z', '2026-11-22T17:00:00Z', '2026-11-23T17:00:00Z'].map(at);
    const next = ['2026-11-21T06:30:00Z', '2026-11-22T06:30:00Z', '2026-11-23T06:30:00Z', '2026-11-24T06:30:00Z'].map(
      at,
    );
    const zones = { job: 'America/New_York', saved: 'Asia/Shanghai', here: 'Asia/Shanghai' };
    const said = sayRows(
      compareFires(saved, next, {
        limit: 3,
        savedClock: clockOf('Asia/Shanghai'),
        nextClock: clockOf('America/New_York'),
      }),
      zones,
      [],
    );
    expect(said.map((row) => [row.next, row.here, row.gone, row.goneMore])).toEqual([
      ['01:30 EST', '14:30', undefined, 0],
      ['01:30 EST', '14:30', '01:00 GMT+8', 0],
      ['01:30 EST', '14:30', '01:00 GMT+8', 0],
    ]);
  });

  it('stand under the day of the saved zone where they only fall away', () => {
    const [row] = sayRows(
      compareFires([at('2026-11-21T17:00:00Z')], []),
      {
        ...{ job: 'UTC', saved: 'Asia/Shanghai', here: 'UTC' },
      },
      [],
    );
    expect([row?.dayZone, row?.gone]).toEqual(['Asia/Shanghai', '01:00 GMT+8']);
  });

  it('say the time alone where there is one zone', () => {
    const rows = compareFires([at('2026-11-21T01:00:00Z')], [at('2026-11-21T01:30:00Z'), at('2026-11-22T01:30:15Z')]);
    const said = sayRows(rows, { job: 'UTC', saved: 'UTC', here: 'UTC' }, []);
    expect(said.map(({ next, gone, here }) => [next, gone, here])).toEqual([
      ['01:30', '01:00', undefined],
      ['01:30:15', undefined, undefined],
    ]);
  });

  it('mark the first fire after a change of clocks', () => {
    const fires = ['2026-10-31T05:30:00Z', '2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z'].map(at);
    const zones = { job: 'America/New_York', saved: 'America/New_York', here: 'America/New_York' };
    const said = sayRows(compareFires(fires, fires), zones, [at('2026-11-01T06:00:00Z')]);
    expect(said.map(({ isAfterChange }) => isAfterChange)).toEqual([false, false, true]);
  });
});

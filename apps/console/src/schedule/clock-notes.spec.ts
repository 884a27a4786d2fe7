import { describe, expect, it } from 'vitest';
import { clockNotes } from './clock-notes';

const ZONE = 'America/New_York';
const DAY = 86_400_000;
const at = (text: string) => Date.parse(text);
/** 2026: clocks go back on 1 November at 06:00 UTC, forward on 8 March at 07:00 UTC. */
const BACK = { at: at('2026-11-01T06:00:00Z'), bySeconds: -3600 };
const FORWARD = { at: at('2026-03-08T07:00:00Z'), bySeconds: 3600 };
const daily = (first: string, days: number) => Array.from({ length: days }, (_, day) => at(first) + day * DAY);

describe('what a change of clocks means to a schedule', () => {
  it('a time shown twice is run once by a job with a fixed time', () => {
    const fires = [at('2026-10-31T05:30:00Z'), at('2026-11-01T05:30:00Z'), at('2026-11-02T06:30:00Z')];
    expect(clockNotes(fires, [BACK], ZONE)).toEqual([{ kind: 'twice', at: BACK.at, wall: '01:30', runs: 'once' }]);
  });

  it('and twice by one that goes on', () => {
    const fires = [at('2026-11-01T04:30:00Z'), at('2026-11-01T05:30:00Z'), at('2026-11-01T06:30:00Z')];
    expect(clockNotes(fires, [BACK], ZONE)).toEqual([{ kind: 'twice', at: BACK.at, wall: '01:30', runs: 'both' }]);
  });

  it('a time never shown is run right after', () => {
    const fires = [...daily('2026-03-06T07:30:00Z', 2), FORWARD.at, at('2026-03-09T06:30:00Z')];
    expect(clockNotes(fires, [FORWARD], ZONE)).toEqual([
      { kind: 'never', at: FORWARD.at, wall: '02:30', runsAt: '03:00' },
    ]);
  });

  it('and is left out by one that goes on', () => {
    const hourly = Array.from({ length: 48 }, (_, hour) => at('2026-03-07T07:30:00Z') + hour * 3_600_000);
    expect(clockNotes(hourly, [FORWARD], ZONE)).toEqual([{ kind: 'never', at: FORWARD.at, wall: '02:30' }]);
  });

  it('nothing is said where no fire is near', () => {
    expect(clockNotes(daily('2026-10-30T12:00:00Z', 4), [BACK], ZONE)).toEqual([]);
    expect(clockNotes(daily('2026-03-06T12:00:00Z', 4), [FORWARD], ZONE)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { durationLabel, logSplits, timeLabels } from './time-axis';

describe('axes', () => {
  it('count durations as people do', () => {
    expect(logSplits(900, 70_000).map((each) => durationLabel(each, 'en'))).toEqual([
      ...['1 s', '5 s', '15 s', '1 min'],
    ]);
    expect(logSplits(1, 86_400_000).length).toBeLessThanOrEqual(7);
    expect(durationLabel(0, 'en')).toBe('0');
  });

  it('say the day where it begins, in the zone', () => {
    const at = Date.UTC(2026, 10, 20, 14) / 1000;
    expect(timeLabels([at, at + 3600, at + 7200, at + 10_800], 3600, 'Asia/Shanghai')).toEqual([
      ...['22:00\n11-20', '23:00', '00:00\n11-21', '01:00'],
    ]);
    expect(timeLabels([at, at + 86_400], 86_400, 'UTC')).toEqual(['11-20', '11-21']);
  });
});

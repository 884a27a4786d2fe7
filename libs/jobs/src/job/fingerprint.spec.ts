import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';
import { scheduleFingerprint } from './fingerprint.js';

const hello = { name: 'hello', command: 'echo hello', cronExpr: '0 2 * * *' };

describe('the fingerprint of a schedule', () => {
  it('is fixed for ever: cursors in the store carry it', () => {
    // sha256 of {"cronExpr":"0 2 * * *"}
    expect(scheduleFingerprint(hello)).toBe('6f2003230bb3a499');
    // sha256 of {"cronExpr":"0 2 * * *","paused":true,"timezone":"UTC"}
    expect(scheduleFingerprint({ ...hello, timezone: 'UTC', paused: true })).toBe('dae97c4648cd8d47');
    // sha256 of {}
    expect(scheduleFingerprint({ name: 'hello' })).toBe('44136fa355b3678a');
  });

  it('does not change with anything but the schedule, nor with the order of fields', () => {
    const other = { labels: { a: 'b' }, cronExpr: '0 2 * * *', command: 'other', name: 'other', pausedReason: 'x' };
    expect(scheduleFingerprint(other)).toBe(scheduleFingerprint(hello));
  });

  it.each(['cronExpr', 'timezone', 'startAt', 'endAt', 'calendars', 'paused'])('changes with %s', (field) => {
    expect(scheduleFingerprint({ ...hello, [field]: 'other' })).not.toBe(scheduleFingerprint(hello));
  });
});

describe('canonical JSON', () => {
  it('is that of RFC 8785', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
      string: '\u20ac$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
      gone: undefined,
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 units', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const value = Object.fromEntries(keys.map((key) => [key, 0]));
    expect(canonicalJson(value)).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`);
  });
});

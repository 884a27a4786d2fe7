import { describe, expect, it } from 'vitest';
import { formatCountdown, formatDistance, formatDuration, formatLateness } from './duration';
import { formatDay, formatInstant, formatShort, formatTime, isKnownZone, zoneName } from './instant';
import { formatBytes, formatCount, formatShare } from './number';

describe('lengths of time', () => {
  it.each([
    [0, '0 ms', '0 毫秒'],
    [840.4, '840 ms', '840 毫秒'],
    [1_240, '1.24 s', '1.24 秒'],
    [41_900, '41 s', '41 秒'],
    [60_000, '1 min', '1 分'],
    [192_000, '3 min 12 s', '3 分 12 秒'],
    [6_900_000, '1 h 55 min', '1 小时 55 分'],
    [10 * 86_400_000 + 4 * 3_600_000, '10 d 4 h', '10 天 4 小时'],
    [400 * 86_400_000 + 3_600_000, '400 d', '400 天'],
  ])('%d ms is %s, %s', (ms, en, zh) => {
    expect(formatDuration(ms, 'en')).toBe(en);
    expect(formatDuration(ms, 'zh')).toBe(zh);
  });

  it('lateness has a sign', () => {
    expect(formatLateness(180)).toBe('+180 ms');
    expect(formatLateness(-20)).toBe('−20 ms');
  });

  it.each([
    [240_000, 'in 4 min', '4 分钟后'],
    [-7_200_000, '2 h ago', '2 小时前'],
    [300, 'now', '现在'],
    [3 * 86_400_000, 'in 3 days', '3 天后'],
    [-12_000, '12 s ago', '12 秒前'],
  ])('%d ms away is %s, %s', (ms, en, zh) => {
    expect(formatDistance(ms, 'en')).toBe(en);
    expect(formatDistance(ms, 'zh')).toBe(zh);
  });

  it.each([
    [23_000, '00:23'],
    [1_523_000, '25:23'],
    [6_900_000, '1 h 55'],
    [-5, '00:00'],
  ])('%d ms are left: %s', (ms, text) => expect(formatCountdown(ms)).toBe(text));
});

describe('instants', () => {
  const at = Date.UTC(2026, 10, 20, 17, 0, 0, 31);

  it('are told in the zone asked for', () => {
    expect(formatInstant(at, 'Asia/Shanghai')).toBe('2026-11-21 01:00:00');
    expect(formatInstant(at, 'America/New_York', { millis: true })).toBe('2026-11-20 12:00:00.031');
    expect(formatTime(at, 'UTC', { seconds: false })).toBe('17:00');
    expect(formatDay(at, 'Asia/Shanghai')).toBe('2026-11-21');
  });

  it('midnight is 00, not 24', () => expect(formatTime(Date.UTC(2026, 0, 1), 'UTC')).toBe('00:00:00'));

  it('are as short as can be', () => {
    expect(formatShort(at, 'UTC', at + 60_000)).toBe('17:00:00');
    expect(formatShort(at, 'UTC', at + 86_400_000)).toBe('11-20 17:00:00');
    expect(formatShort(at, 'UTC', at + 90 * 86_400_000)).toBe('2026-11-20 17:00:00');
  });

  it('zones have names, or are unknown', () => {
    expect(zoneName(at, 'UTC')).toBe('UTC');
    expect(isKnownZone('Asia/Shanghai')).toBe(true);
    expect(isKnownZone('Mars/Olympus')).toBe(false);
  });
});

describe('numbers', () => {
  it.each([
    [512, '512 B'],
    [1_200_000, '1.2 MB'],
    [999_999, '1 MB'],
    [5_000_000_000_000, '5 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('counts are grouped', () => expect(formatCount(1_204_118)).toBe('1,204,118'));

  it('a share is never rounded to all or nothing', () => {
    expect(formatShare(0.998)).toBe('99.8 %');
    expect(formatShare(0.99999)).toBe('> 99.9 %');
    expect(formatShare(1)).toBe('100 %');
    expect(formatShare(0.0001)).toBe('< 0.1 %');
    expect(formatShare(0)).toBe('0 %');
  });
});

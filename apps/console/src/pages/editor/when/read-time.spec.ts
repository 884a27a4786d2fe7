import { describe, expect, it } from 'vitest';
import { readTime } from './read-time';

describe('a time of day', () => {
  it.each(['1:30', '01:30', '0130', '130', '1.30', ' 01：30 '])('is read from "%s"', (text) => {
    expect(readTime(text)).toEqual({ hour: 1, minute: 30 });
  });

  it.each(['', '1', '13', '25:00', '12:60', '1:3', 'noon', '12345'])('is none in "%s"', (text) => {
    expect(readTime(text)).toBeUndefined();
  });
});

import { InvalidInput } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { parseHistoryUrl } from './history-url.js';

describe('parseHistoryUrl', () => {
  it.each([
    ['embedded:./data', { kind: 'embedded', path: 'data/history.db' }],
    ['embedded:/var/lib/fleetcron', { kind: 'embedded', path: '/var/lib/fleetcron/history.db' }],
    ['embedded::memory:', { kind: 'embedded', path: ':memory:' }],
    ['mongodb://h1:27017,h2/cron?replicaSet=r', { kind: 'mongodb', uri: 'mongodb://h1:27017,h2/cron?replicaSet=r' }],
    [
      'mongodb+srv://user:p%40ss@cluster.example/cron',
      { kind: 'mongodb', uri: 'mongodb+srv://user:p%40ss@cluster.example/cron' },
    ],
  ])('reads %s', (url, location) => {
    expect(parseHistoryUrl(url)).toEqual(location);
  });

  it.each(['', 'embedded:', 'mongodb://', 'mongodb:///db', 'mysql://u:secret@h/db', './data'])(
    'refuses "%s" without repeating it',
    (url) => {
      expect(() => parseHistoryUrl(url)).toThrow(InvalidInput);
      expect(() => parseHistoryUrl(url)).toThrow(/^history: must be like embedded/);
    },
  );
});

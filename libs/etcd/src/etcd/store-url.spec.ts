import { InvalidInput } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { parseStoreUrl } from './store-url.js';

describe('parseStoreUrl', () => {
  it.each([
    ['etcd://h1:2379,h2:2379/cron', { hosts: ['h1:2379', 'h2:2379'], prefix: '/cron', isSecure: false }],
    ['etcd://localhost', { hosts: ['localhost:2379'], prefix: '/cron', isSecure: false }],
    ['etcd://localhost/', { hosts: ['localhost:2379'], prefix: '/cron', isSecure: false }],
    ['etcd://10.0.0.1:1234/a/b/', { hosts: ['10.0.0.1:1234'], prefix: '/a/b', isSecure: false }],
    ['etcds://[::1]:2379, h2/x', { hosts: ['[::1]:2379', 'h2:2379'], prefix: '/x', isSecure: true }],
    [
      'etcd://fleet:p%40ss%2Fw:rd@h1/cron',
      { hosts: ['h1:2379'], prefix: '/cron', isSecure: false, username: 'fleet', password: 'p@ss/w:rd' },
    ],
  ])('reads %s', (url, location) => {
    expect(parseStoreUrl(url)).toEqual(location);
  });

  it.each([
    '',
    'h1:2379',
    'http://h1',
    'etcd://',
    'etcd://h1,,h2',
    'etcd://h1:0',
    'etcd://h1:99999',
    'etcd://%zz:x@h1',
  ])('refuses "%s", naming the setting', (url) => {
    expect(() => parseStoreUrl(url)).toThrow(InvalidInput);
    expect(() => parseStoreUrl(url)).toThrow('FLEETCRON_STORE');
  });
});

import { expect, it } from 'vitest';
import { readAskedTime } from './asked-time';

const DAY = '2026-11-21';

it.each([
  ['1:00', { date: DAY, time: '01:00:00' }],
  [' 08:30:15 ', { date: DAY, time: '08:30:15' }],
  ['2026-11-20 23:59', { date: '2026-11-20', time: '23:59:00' }],
  ['2026-11-20T23:59:01', { date: '2026-11-20', time: '23:59:01' }],
])('%j is an instant', (text, asked) => expect(readAskedTime(text, DAY)).toEqual(asked));

it.each(['', 'noon', '25:00', '8:60', '2026-13-01 08:00', '2026-02-30 08:00', '8'])('%j is none', (text) =>
  expect(readAskedTime(text, DAY)).toBeUndefined(),
);

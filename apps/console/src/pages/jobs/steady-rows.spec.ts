import { expect, it } from 'vitest';
import { inOldPlaces } from './steady-rows';

const rows = (text: string) => text.split(' ').map((each) => ({ key: each[0] as string, fact: each.slice(1) }));
const held = (shown: string, fresh: string) => {
  const { rows: kept, isBehind } = inOldPlaces(rows(shown), rows(fresh), ({ key }) => key);
  return { rows: kept.map(({ key, fact }) => key + fact).join(' '), isBehind };
};

it.each([
  ['the same order', 'a1 b1', 'a2 b2', 'a2 b2', false],
  ['another order', 'a1 b1', 'b2 a2', 'a2 b2', true],
  ['a new row', 'a1 b1', 'c1 a2 b2', 'a2 b2', true],
  ['a row that left', 'a1 b1', 'b2', 'a1 b2', true],
])('%s: new facts, old places', (_, shown, fresh, expected, isBehind) => {
  expect(held(shown, fresh)).toEqual({ rows: expected, isBehind });
});

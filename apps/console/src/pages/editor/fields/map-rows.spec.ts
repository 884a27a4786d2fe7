import { describe, expect, it } from 'vitest';
import { mapOf, rowsOf } from './map-rows';

describe('the rows of a map', () => {
  it('say what the map says', () => {
    const map = { DAY: '1', EMPTY: '' };
    expect(mapOf(rowsOf(map))).toEqual(map);
    expect(rowsOf(['no map'])).toEqual([]);
    expect(rowsOf({ a: 1 })).toEqual([{ key: 'a', value: '1' }]);
  });

  it('lose nothing that is half typed, and say nothing where nothing is', () => {
    expect(mapOf([{ key: '', value: 'kept' }])).toEqual({ '': 'kept' });
    expect(mapOf([{ key: '', value: '' }])).toBeUndefined();
    expect(mapOf([])).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { DraftBox } from './drafts';

function storage() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

describe('drafts', () => {
  it('are kept by person and job until they are discarded', () => {
    const here = storage();
    const box = new DraftBox('li.wei', here);
    const draft = { document: { name: 'a' }, etag: '"7"', at: 1 };
    expect(box.keep('a', draft)).toBe(true);
    expect(box.read('a')).toEqual(draft);
    expect(box.read('b')).toBeUndefined();
    expect(new DraftBox('ana', here).read('a')).toBeUndefined();
    box.discard('a');
    expect(box.read('a')).toBeUndefined();
  });

  it('that are none are none', () => {
    const here = storage();
    const box = new DraftBox('x', here);
    for (const text of ['{', 'null', '{"at":1}', '{"document":[],"at":1}', '7']) {
      here.setItem('fleetcron.draft.x.a', text);
      expect(box.read('a')).toBeUndefined();
    }
  });

  it('are not kept where storage is full, and say so', () => {
    const full = {
      ...storage(),
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    };
    expect(new DraftBox('x', full).keep('a', { document: {}, at: 1 })).toBe(false);
  });
});

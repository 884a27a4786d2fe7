import { beforeEach, expect, it, vi } from 'vitest';

const stored = new Map<string, string>();
vi.stubGlobal('localStorage', {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => stored.set(key, value),
});

const VIEW = { name: 'Paused in edge', filter: { group: 'edge', state: 'paused' }, sort: 'name' } as const;

beforeEach(() => {
  stored.clear();
  vi.resetModules();
});

it('keeps views over visits', async () => {
  const first = await import('./saved-views');
  first.savedViews.value = first.withView(first.savedViews.value, VIEW);
  vi.resetModules();
  const next = await import('./saved-views');
  expect(next.savedViews.value).toEqual([VIEW]);
});

it('puts a view in the place of its namesake', async () => {
  const { withView } = await import('./saved-views');
  const other = { ...VIEW, name: 'All' };
  expect(withView([VIEW, other], { ...VIEW, filter: {} })).toEqual([other, { ...VIEW, filter: {} }]);
});

it.each(['[{"name":1}]', '[{"name":"a","filter":{"state":"asleep"}}]', '{"a":1}', '[null]'])(
  'begins anew where what is stored is no list of views: %s',
  async (text) => {
    stored.set('fleetcron.jobViews', text);
    const { savedViews } = await import('./saved-views');
    expect(savedViews.value).toEqual([]);
  },
);

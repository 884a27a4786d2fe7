import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createI18n } from 'vue-i18n';
import { common } from './common';
import type { Words, WordTree } from './index';

const rooms = vi.hoisted(() => new Map<string, unknown>());
vi.mock('@/i18n', () => ({ addWords: (room: string, words: unknown) => void rooms.set(room, words) }));

const SOURCES = join(import.meta.dirname, '..');

function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => ending.test(file));
}

function keysOf(tree: WordTree, before = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${before}${key}`] : keysOf(value, `${before}${key}.`),
  );
}

describe('words', () => {
  const words = { en: {} as Record<string, WordTree>, zh: {} as Record<string, WordTree> };

  beforeAll(async () => {
    for (const file of filesUnder(SOURCES, /(^|[\\/])words\.ts$/)) {
      await import(join(SOURCES, file));
    }
    Object.assign(words.en, common.en);
    Object.assign(words.zh, common.zh);
    for (const [room, { en, zh }] of rooms as Map<string, Words>) {
      words.en[room] = en;
      words.zh[room] = zh;
    }
  });

  it('are there in both languages', () => {
    expect(rooms.size).toBeGreaterThan(3);
    expect(keysOf(words.zh).sort()).toEqual(keysOf(words.en).sort());
  });

  it('are there for every key a page asks for', () => {
    const known = new Set(keysOf(words.en));
    const missing: string[] = [];
    for (const file of filesUnder(SOURCES, /\.(vue|ts)$/).filter((each) => !each.endsWith('.spec.ts'))) {
      const text = readFileSync(join(SOURCES, file), 'utf8').replace(/^\s*\/?\*.*$/gm, '');
      for (const [, key = ''] of text.matchAll(/\bt\(\s*(?:[\w.?!=&| ]+\? *)?'([\w.]+)'/g)) {
        if (!known.has(key)) missing.push(`${file}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('can be said: every message compiles, with its facts in both languages', () => {
    const complaints: unknown[] = [];
    vi.spyOn(console, 'warn').mockImplementation((...args) => void complaints.push(args));
    vi.spyOn(console, 'error').mockImplementation((...args) => void complaints.push(args));
    const { global } = createI18n({ legacy: false, locale: 'en', messages: words });
    const facts = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const key of keysOf(words.en)) {
      const texts = (['en', 'zh'] as const).map((locale) => {
        global.locale.value = locale;
        expect(() => global.t(key, { n: 1 }, 1), key).not.toThrow();
        return String(global.tm(key));
      });
      const [en = '', zh = ''] = texts;
      expect([...new Set(facts(zh))].sort(), key).toEqual([...new Set(facts(en))].sort());
    }
    expect(complaints).toEqual([]);
    vi.restoreAllMocks();
  });

  it('are written for people: Chinese has Chinese in it', () => {
    const names = /^(fleetcron|English|Switch to English|UTC|API|YAML|JSON|[\W\d_]*)$/;
    const flat = (tree: WordTree): [string, string][] =>
      keysOf(tree).map((key) => [
        key,
        key.split('.').reduce((at, part) => (at as never)[part], tree as never) as string,
      ]);
    const zh = flat(words.zh);
    expect(zh.length).toBeGreaterThan(100);
    const left = zh.filter(([, text]) => !/\p{Script=Han}/u.test(text) && !names.test(text.replace(/\{\w+\}/g, '')));
    expect(left.map(([key, text]) => `${key}: ${text}`).filter((each) => / [a-z]+ [a-z]+ [a-z]+/i.test(each))).toEqual(
      [],
    );
  });
});

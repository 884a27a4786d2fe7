import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HELP_KEYS } from './help-keys';

const SOURCES = join(import.meta.dirname, '..');
const ARROWS: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };

/** What the pages give to `useKeys`, as they are written there. */
function keysOfPages(): string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(vue|ts)$/.test(file) && !file.endsWith('.spec.ts'))
    .flatMap((file) => [...readFileSync(join(SOURCES, file), 'utf8').matchAll(/^ *useKeys\(\{(.*?)\n? *\}\);$/gms)])
    .flatMap(([, block = '']) => [...block.matchAll(/(?:^ ?|\n {2,4})(\w+): /g)].map(([, key = '']) => key))
    .map((key) => ARROWS[key] ?? key);
}

const named = HELP_KEYS.flatMap(({ keys }) => keys.flatMap((key) => key.split(' ')));

it('the help names every key a page listens to', () => {
  const used = [...new Set(keysOfPages())];
  expect(used).toContain('l');
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((key) => !named.includes(key))).toEqual([]);
});

it('the help names every letter that leads to a page', () => {
  const letters = [...readFileSync(join(import.meta.dirname, 'keys.ts'), 'utf8').matchAll(/^ {2}(\w): '/gm)];
  expect(letters.map(([, letter]) => letter).join(' ')).toBe(HELP_KEYS.find(({ word }) => word === 'helpGo')?.keys[1]);
});

it('the manual names the same keys', () => {
  const manual = readFileSync(join(SOURCES, '../../../docs/console.md'), 'utf8');
  const written = new Set([...manual.matchAll(/`([^`]+)`/g)].flatMap(([, keys = '']) => keys.split(' ')));
  expect(named.filter((key) => !written.has(key))).toEqual([]);
});

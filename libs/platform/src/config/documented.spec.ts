import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Settings } from './load-config.js';
import { masterSettings, standaloneSettings, workerSettings } from './program-settings.js';

const PROGRAMS: Readonly<Record<string, Settings>> = { m: masterSettings, w: workerSettings, s: standaloneSettings };
const ROW = /^\| `(FLEETCRON_\w+)` \| ([mws ]+) \| (.+?) \| .+ \|$/gm;

const page = readFileSync(join(import.meta.dirname, '../../../../docs/configuration.md'), 'utf8');
const rows = [...page.matchAll(ROW)].map(([, variable = '', programs = '', fallback = '']) => ({
  variable,
  programs: programs.split(' '),
  fallback,
}));

describe('docs/configuration.md', () => {
  it.each(Object.entries(PROGRAMS))('names the settings of program %s, and no others', (program, settings) => {
    const documented = rows.filter(({ programs }) => programs.includes(program)).map(({ variable }) => variable);
    expect(documented.sort()).toEqual(['FLEETCRON_CONFIG', ...Object.keys(settings).map(variableOf)].sort());
  });

  it('says which settings must be given', () => {
    for (const { variable, programs, fallback } of rows) {
      const mustBeGiven = programs.some((program) => {
        const setting = Object.entries(PROGRAMS[program] ?? {}).find(([name]) => variableOf(name) === variable);
        return setting?.[1].absent().ok === false;
      });
      expect([variable, fallback.includes('must be given')]).toEqual([variable, mustBeGiven]);
    }
  });

  it('gives the defaults that the programs have', () => {
    for (const [program, settings] of Object.entries(PROGRAMS)) {
      for (const [name, setting] of Object.entries(settings)) {
        const absent = setting.absent();
        const row = rows.find(({ variable }) => variable === variableOf(name));
        if (!absent.ok || !['number', 'string', 'boolean'].includes(typeof absent.value)) continue;
        expect([program, name, row?.fallback]).toEqual([
          program,
          name,
          expect.stringContaining(`\`${String(absent.value)}\``),
        ]);
      }
    }
  });
});

function variableOf(name: string): string {
  return `FLEETCRON_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileSchedule } from './compile.js';

interface Vector {
  readonly cronExpr: string;
  readonly timezone: string;
  readonly from: string;
  readonly expect: readonly string[];
}

const files = ['dst.json', 'next-fires.json'];

describe.each(files)('the vectors of %s', (file) => {
  const vectors = readVectors(file);

  it.each(vectors)('$cronExpr in $timezone from $from', ({ cronExpr, timezone, from, expect: expected }) => {
    const schedule = compileSchedule({ cronExpr, timezone }, 'vector');
    const fires: string[] = [];
    let at: number | undefined = Date.parse(from);
    while (at !== undefined && fires.length < expected.length) {
      at = schedule.next(at);
      if (at !== undefined) fires.push(new Date(at).toISOString());
    }
    expect(fires).toEqual(expected);
  });

  it.each(vectors)('backwards: $cronExpr in $timezone from $from', ({ cronExpr, timezone, from, expect: expected }) => {
    const schedule = compileSchedule({ cronExpr, timezone }, 'vector');
    const start = Date.parse(from);
    const end = Date.parse(expected.at(-1) ?? from);
    const fires: string[] = [];
    for (let at = schedule.previous(end + 1, start); at !== undefined; at = schedule.previous(at, start)) {
      fires.unshift(new Date(at).toISOString());
    }
    expect(fires).toEqual(expected);
    expect(schedule.count(start, end)).toBe(expected.length);
  });
});

function readVectors(file: string): readonly Vector[] {
  return JSON.parse(readFileSync(new URL(`../../testdata/${file}`, import.meta.url), 'utf8'));
}

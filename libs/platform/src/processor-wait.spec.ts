import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openProcessorWait } from './processor-wait.js';

describe('how long a process waited for a processor', () => {
  const file = (text: string): string => {
    const path = join(mkdtempSync(join(tmpdir(), 'fleetcron-wait-')), 'schedstat');
    writeFileSync(path, text);
    return path;
  };

  it('is the second figure, in milliseconds, as it is each time', () => {
    const path = file('5000000 12000000 7\n');
    const wait = openProcessorWait(path);
    expect(wait()).toBe(12);
    writeFileSync(path, '5000000 312000000 9\n');
    expect(wait()).toBe(312);
  });

  it('is not known where there is no such file, or it says something else', () => {
    expect(openProcessorWait('/nowhere/schedstat')()).toBeUndefined();
    expect(openProcessorWait(file('nothing\n'))()).toBeUndefined();
    expect(openProcessorWait('/')()).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('never falls', () => {
    const wait = openProcessorWait();
    const before = wait();
    expect(before).toBeGreaterThanOrEqual(0);
    expect(wait()).toBeGreaterThanOrEqual(before!);
  });
});

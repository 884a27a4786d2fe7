import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { OPTIMIZE_LATER } from './optimizer.js';

describe('OPTIMIZE_LATER', () => {
  it('is an option that this Node knows: with another it does not start', () => {
    expect(spawnSync(process.execPath, [OPTIMIZE_LATER, '-e', '']).status).toBe(0);
    expect(spawnSync(process.execPath, [`${OPTIMIZE_LATER}0-or-so`, '-e', '']).status).not.toBe(0);
  });
});

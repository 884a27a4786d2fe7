import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSimulation } from './bundle.js';
import { type Findings, runSpread } from './run-program.js';
import { simulate } from './scenario.js';

/** CI sets 1,000. */
const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 150);
const FIRST = Number(process.env['SIMULATION_FIRST_SEED'] ?? 1);
const PROCESSES = 2;
/** Far above what a world takes, also on a machine that has other work. */
const LONGEST_PER_SEED_MS = 1500;

describe(`${SEEDS} simulated fleets, from seed ${FIRST} on`, () => {
  let found: Findings;

  beforeAll(
    async () => {
      found = await runSpread(await bundleSimulation(), FIRST, SEEDS, PROCESSES);
    },
    60_000 + SEEDS * LONGEST_PER_SEED_MS,
  );

  it('keep every promise', () => {
    const told = found.findings.map(
      ({ seed, profile, violations }) => `seed ${seed} (${profile}):\n  ${violations.join('\n  ')}`,
    );
    expect(told.join('\n')).toBe('');
    expect(found.summary).toMatchObject({ ran: SEEDS, violated: 0 });
  });

  it('truly run jobs', () => {
    expect(found.summary.starts).toBeGreaterThan(SEEDS * 20);
  });

  it('claim next to nothing in vain where there is no trouble', () => {
    const { calmStarts, calmRefused } = found.summary;
    expect(calmStarts).toBeGreaterThan(0);
    expect(calmRefused / calmStarts).toBeLessThan(0.02);
  });
});

describe('a seed', () => {
  it.each([1, 3, 8, 11])('replays: %i gives the same world again', async (seed) => {
    const [once, again] = [await simulate(seed), await simulate(seed)];
    expect(again).toEqual(once);
  });
});

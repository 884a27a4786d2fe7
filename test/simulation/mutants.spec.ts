import { describe, expect, it } from 'vitest';
import { bundleSimulation, replaceOnce } from './bundle.js';
import { MUTANTS } from './mutants.js';
import { runProgram } from './run-program.js';

const WITHIN_SEEDS = 2000;
/** To the first violation that is; nearly all are seen within seconds. */
const LONGEST_MS = 30 * 60_000;
const isAsked = process.env['SIMULATION_MUTANTS'] === '1';

describe('a planted bug', () => {
  it.each(MUTANTS)('fits into the code of today: $name', async ({ plants }) => {
    await expect(bundleSimulation(plants)).resolves.toContain('.cache');
  });

  it.skipIf(!isAsked).each(MUTANTS)(
    `is seen within ${WITHIN_SEEDS} seeds, when SIMULATION_MUTANTS=1 asks for it: $name`,
    async ({ name, plants, expect: expected }) => {
      const { findings, summary } = await runProgram(await bundleSimulation(plants), 1, WITHIN_SEEDS, expected);
      const violations = findings.flatMap((finding) => finding.violations);
      expect(violations.join('\n'), `${name}: not seen in ${summary.ran} seeds`).toMatch(expected);
    },
    LONGEST_MS,
  );
});

describe('the planting', () => {
  const plant = { file: 'a.ts', find: 'b', replace: 'c' };

  it('replaces the piece', () => {
    expect(replaceOnce('abd', [plant])).toBe('acd');
  });

  it.each([
    ['not there', 'ad', '0 times'],
    ['there twice', 'abdb', '2 times'],
  ])('fails where the piece is %s', (_what, text, times) => {
    expect(() => replaceOnce(text, [plant])).toThrow(`stands ${times} in a.ts`);
  });

  it('fails where the file is not part of the program', async () => {
    const stray = { file: 'test/simulation/bundle.ts', find: 'zzz', replace: '' };
    await expect(bundleSimulation([stray])).rejects.toThrow('not part of the simulation');
  });
});

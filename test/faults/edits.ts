import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { secondAfter, span } from './span.js';
import { account } from './verdict.js';

/** Definitions that change while they fire. */
export function edits(stage: () => Stage): void {
  it('claims nothing by a definition older than one that was acknowledged', async () => {
    const { cluster } = stage();
    const from = secondAfter(Date.now());
    const rounds = span(40, 14);
    for (let definition = 1; definition <= rounds; definition++) {
      const api = cluster.api(cluster.masters[definition % cluster.masters.length]);
      await stage().putDefinition(api, 'edited', definition, 1 + (definition % 3 === 0 ? 1 : 0));
      // Now right after the one before, now long enough that its fires are certain.
      await delay(definition % 2 === 0 ? 150 : 3_700 + 37 * definition);
    }
    await account(stage(), `a job edited ${rounds} times through both masters`, [from, Date.now() - 5_000]);
    const told = stage()
      .truth()
      .starts.filter(({ jobName }) => jobName === 'edited');
    expect(new Set(told.map(({ definition }) => definition)).size).toBeGreaterThanOrEqual(rounds / 2);
  }, 300_000);
}

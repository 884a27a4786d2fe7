import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultyHistory } from '../contract/faulty-history.js';
import { Delivery } from './delivery.js';
import { DEFAULT_TUNING } from './options.js';
import { RefusedFile } from './refused-file.js';
import { Replay } from './replay.js';
import { Spool } from './spool.js';

describe('Replay', () => {
  let folder: string;
  let store: FaultyHistory;
  let replay: Replay;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetcron-replay-'));
    store = new FaultyHistory();
  });

  afterEach(async () => {
    replay.stop();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('pauses before it asks again, also where the store failed once more while it was asking', async () => {
    const clock = new ManualClock();
    const spool = await Spool.open(folder, 1_000_000, silentLog);
    const delivery = new Delivery(store, new RefusedFile(folder, silentLog), clock, 1_000, silentLog);
    let answers = 0;
    replay = new Replay(spool, delivery, clock, silentLog, DEFAULT_TUNING, {
      failed: () => {},
      // A store on a full disk answers a ping, and refuses a write in the same turn of the event loop.
      advanced: () => {
        answers += 1;
        if (answers < 100) replay.run(true);
      },
    });
    replay.run(true);
    for (const asked of [1, 2, 3]) {
      await clock.advanceAsync(DEFAULT_TUNING.retryMinMs);
      expect(answers).toBe(asked);
    }
  });
});

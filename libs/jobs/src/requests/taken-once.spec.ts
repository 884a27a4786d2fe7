import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobsFixture, requestOf } from '../../../../test/support/jobs-fixture.js';
import type { RunEntry } from '../store/run-entry.js';
import { RequestDesk } from './request-desk.js';

/** The mirror of requests lags: it still shows what is long taken. */
describe('a request that the store has given away', () => {
  let room: JobsFixture;
  let desk: RequestDesk;
  const claimed: RunEntry[] = [];

  beforeEach(async () => {
    room = new JobsFixture();
    claimed.length = 0;
    await room.start();
    const session = await room.join('w1');
    const { createRevision } = await room.putJob({ name: 'tick' });
    const { keys, clock, courier, registry, stopping } = room;
    const around = {
      claiming: () => session,
      reserveSlot: () => true,
      releaseSlot: () => {},
      claimed: (entry: RunEntry) => void claimed.push(entry),
      decided: () => {},
      definition: (name: string) => registry.get(name),
      rank: () => 0,
      killOf: () => undefined,
      killRevision: () => 0,
      answered: () => {},
    };
    desk = new RequestDesk('w1', keys, clock, silentLog, courier, around, stopping.signal);
    desk.start();
    const request = requestOf({ jobGeneration: createRevision });
    await room.putRequest(request);
    const key = keys.request('tick', request.runId);
    const entry = await room.store.get(key);
    desk.apply([{ key, entry, previous: undefined }]);
    await room.settle();
  });

  afterEach(async () => {
    desk.stop();
    await room.close();
  });

  it('is not asked for again, whoever joins or leaves and however long it is shown', async () => {
    expect(claimed).toHaveLength(1);
    const { requests } = room.courier;
    desk.fleetChanged();
    desk.lockFreed('tick');
    await room.clock.advanceAsync(60_000);
    expect(room.courier.requests).toBe(requests);
    expect(claimed).toHaveLength(1);
  });
});

import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, JobsFixture } from '../../../../test/support/jobs-fixture.js';
import { writeLockHolder } from '../store/run-entry.js';
import { takeCensus } from './census.js';
import { IdleLocks } from './idle-locks.js';

const holder = { runId: 'run-1', worker: 'w1', session: 's1', sessionRevision: 1 };
const ended = { state: 'finished', result: { status: 'succeeded' } } as const;

describe('locks that no live run holds', () => {
  let room: JobsFixture;
  let idle: IdleLocks;

  beforeEach(() => {
    room = new JobsFixture();
    idle = new IdleLocks(room.store, room.keys, silentLog);
  });

  afterEach(() => room.close());

  const look = async (): Promise<void> => idle.look(await takeCensus(room.store, room.keys));
  const isHeld = (slot = 0): Promise<boolean> => room.has(room.keys.lock('tick', slot));

  it.each([
    ['is not there', undefined, 0],
    ['has ended', ended, 0],
    ['is not there, of a further slot', undefined, 2],
  ])('are freed when seen twice: the run %s', async (_what, run, slot) => {
    await room.put(room.keys.lock('tick', slot), writeLockHolder(holder));
    if (run) await room.putRun(entryOf(run));
    await look();
    expect(await isHeld(slot)).toBe(true);
    await look();
    expect(await isHeld(slot)).toBe(false);
  });

  it.each([
    ['of a claimed run', entryOf({ lockSlot: 0 })],
    ['of a running one', entryOf({ lockSlot: 0, state: 'running' })],
  ])('are not those %s', async (_what, entry) => {
    await room.putRun(entry);
    for (let count = 0; count < 3; count++) await look();
    expect(await isHeld()).toBe(true);
  });

  it.each([
    ['words that are none of ours', 'deploy in progress'],
    ['an object that names no run', '{"owner":"deploy"}'],
  ])('are not those that another program put: %s', async (_what, value) => {
    await room.put(room.keys.lock('tick'), value);
    for (let count = 0; count < 3; count++) await look();
    expect(await isHeld()).toBe(true);
  });

  it('are counted anew when somebody took them in between, or we did not look for a while', async () => {
    await room.put(room.keys.lock('tick'), writeLockHolder(holder));
    await look();
    await room.put(room.keys.lock('tick'), writeLockHolder(holder));
    await look();
    expect(await isHeld()).toBe(true);
    idle.reset();
    await look();
    expect(await isHeld()).toBe(true);
    await look();
    expect(await isHeld()).toBe(false);
  });

  it('are not freed under a run that began after they were counted', async () => {
    await room.put(room.keys.lock('tick'), writeLockHolder(holder));
    await look();
    const census = await takeCensus(room.store, room.keys);
    await room.putRun(entryOf());
    await idle.look(census);
    expect(await isHeld()).toBe(true);
  });
});

import { del, MemoryStore, put, transaction } from '@app/etcd';
import { ManualClock, SystemClock, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../../test/support/until.js';
import { Keys } from '../store/keys.js';
import { JobChange, JobRegistry } from './job-registry.js';

const keys = new Keys('/cron');

describe('the registry of jobs', () => {
  const clock = new SystemClock();
  let store: MemoryStore;
  let registry: JobRegistry;

  const write = (name: string, command: string): Promise<unknown> =>
    store.transactAll([transaction([], [put(keys.job(name), JSON.stringify({ name, command }))])]);
  const namesOf = (told: readonly JobChange[][]): string[] => told.flat().map(({ name }) => name);

  beforeEach(() => {
    store = new MemoryStore(clock);
    registry = new JobRegistry(store, keys, clock, silentLog);
  });

  afterEach(async () => {
    registry.close();
    await store.close();
  });

  it('tells a listener that comes late of the jobs it knows by then, and of each change from then on', async () => {
    await write('known', 'true');
    await registry.start();
    const told: JobChange[][] = [];
    registry.onChange((changes) => told.push([...changes]));
    expect(namesOf(told)).toEqual(['known']);
    expect(told[0]?.[0]).toMatchObject({ definition: { name: 'known' }, previous: undefined });

    await write('new', 'true');
    await until('the new one is told', () => told.length === 2);
    expect(namesOf(told)).toEqual(['known', 'new']);
  });

  it('tells a listener that comes early of everything as it is listed', async () => {
    await write('first', 'true');
    await write('second', 'true');
    const told: JobChange[][] = [];
    registry.onChange((changes) => told.push([...changes]));
    expect(told).toEqual([]);
    await registry.start();
    expect(namesOf(told).sort()).toEqual(['first', 'second']);
  });

  it('remembers the definitions of jobs that went, but not of all that ever were', async () => {
    await registry.start();
    const names = Array.from({ length: 10_100 }, (_, index) => `job-${index}`);
    for (let start = 0; start < names.length; start += 100) {
      const part = names.slice(start, start + 100);
      await Promise.all(part.map((name) => write(name, 'true')));
      await store.transactAll(part.map((name) => transaction([], [del(keys.job(name))])));
    }
    await until('all are gone', () => registry.size === 0 && registry.earlierOf('job-10099') !== undefined);
    expect(names.filter((name) => registry.earlierOf(name) === undefined)).toEqual(names.slice(0, 100));
  });

  it('knows since when each schedule is known, however late it is asked and whatever the wall clock does', async () => {
    const manual = new ManualClock();
    registry = new JobRegistry(store, keys, manual, silentLog);
    const write_ = (name: string, document: object): Promise<unknown> =>
      store.transactAll([
        transaction([], [put(keys.job(name), JSON.stringify({ name, command: 'true', ...document }))]),
      ]);
    const heard = (name: string, what: string): Promise<unknown> =>
      until(`${name} is ${what}`, () => registry.get(name)?.job?.description === what);
    await write_('found', { description: 'first' });
    await registry.start();
    await write_('heard', { cronExpr: '* * * * *', description: 'first' });
    await heard('heard', 'first');
    manual.advance(5_000);
    expect(registry.knownSince('found')).toBe(manual.now() - 5_000);
    expect(registry.knownSince('heard')).toBe(manual.now() - 5_000);
    manual.suspend(3_600_000);
    expect(registry.knownSince('heard')).toBe(manual.now() - 5_000);

    await write_('heard', { cronExpr: '* * * * *', description: 'second' });
    await heard('heard', 'second');
    expect(registry.knownSince('heard')).toBe(manual.now() - 5_000);
    await write_('heard', { cronExpr: '*/2 * * * *', description: 'third' });
    await heard('heard', 'third');
    expect(registry.knownSince('heard')).toBe(manual.now());
  });
});

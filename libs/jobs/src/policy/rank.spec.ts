import { describe, expect, it } from 'vitest';
import { parseJobDocument } from '../job/parse-job-document.js';
import type { KnownWorker } from '../store/presence.js';
import { isEligible, rankWorkers } from './rank.js';

const NOW = Date.UTC(2026, 0, 1);

function worker(id: string, fields: Partial<KnownWorker> = {}): KnownWorker {
  return {
    id,
    boot: id,
    host: id,
    address: '10.0.0.1',
    pid: 1,
    version: '1',
    schema: 1,
    tzData: '2025c',
    group: 'default',
    labels: {},
    slots: 10,
    startedAt: 0,
    eligibleFrom: 0,
    session: `lease-${id}`,
    sessionRevision: 1,
    ...fields,
  };
}

const job = (name: string, fields: object = {}) => parseJobDocument({ name, command: 'true', ...fields }).job;
const order = (workers: readonly KnownWorker[], name = 'job', fields: object = {}) =>
  rankWorkers(workers, job(name, fields), NOW).map(({ id }) => id);

const FLEET = ['a', 'b', 'c', 'd', 'e'].map((id) => worker(id));

describe('the order of workers for a fire', () => {
  it('is the same whoever computes it', () => {
    expect(order([...FLEET].reverse())).toEqual(order(FLEET));
  });

  it('shares many jobs evenly', () => {
    const firsts = new Map<string, number>();
    for (let index = 0; index < 10_000; index++) {
      const [first = ''] = order(FLEET, `job-${index}`);
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    for (const count of firsts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('moves only the jobs of a worker that goes', () => {
    const without = FLEET.filter(({ id }) => id !== 'c');
    for (let index = 0; index < 200; index++) {
      const before = order(FLEET, `job-${index}`);
      expect(order(without, `job-${index}`)).toEqual(before.filter((id) => id !== 'c'));
    }
  });

  it.each<[string, Partial<KnownWorker>, boolean]>([
    ['a newcomer stands last for a fire at its eligibleFrom', { eligibleFrom: NOW }, true],
    ['a newcomer is one of all for a later fire', { eligibleFrom: NOW - 1 }, false],
    ['a full worker stands behind the others', { isFull: true }, true],
  ])('%s', (_, fields, isLast) => {
    const places = Array.from({ length: 50 }, (_each, index) => {
      const fleet = FLEET.map((each) => (each.id === 'c' ? worker('c', fields) : each));
      return order(fleet, `job-${index}`).indexOf('c');
    });
    expect(places.every((place) => place === 4)).toBe(isLast);
  });

  it.each<[string, Partial<KnownWorker>, boolean]>([
    ['drains from the very fire', { drainFrom: NOW }, false],
    ['drains after it', { drainFrom: NOW + 1 }, true],
    ['has a suspect clock', { clockSuspect: true }, false],
  ])('a worker that %s', (_, fields, isIn) => {
    expect(order([worker('x', fields)])).toEqual(isIn ? ['x'] : []);
  });
});

describe('a worker is eligible', () => {
  it.each<[string, object, Partial<KnownWorker>, boolean]>([
    ['in the job’s group', { group: 'edge' }, { group: 'edge' }, true],
    ['not in another group', { group: 'edge' }, {}, false],
    ['with all the labels', { routing: { selector: { disk: 'ssd' } } }, { labels: { disk: 'ssd', zone: 'a' } }, true],
    [
      'not without one of them',
      { routing: { selector: { disk: 'ssd', zone: 'a' } } },
      { labels: { disk: 'ssd' } },
      false,
    ],
    ['when the job names it', { routing: { worker: 'x' } }, {}, true],
    ['not when the job names another', { routing: { worker: 'y' } }, {}, false],
    ['not when it is too old for the document', {}, { schema: 0 }, false],
  ])('%s', (_, fields, facts, expected) => {
    expect(isEligible(worker('x', facts), job('job', fields))).toBe(expected);
  });
});

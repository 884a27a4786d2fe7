import { describe, expect, it } from 'vitest';
import { entryOf, presenceOf, requestOf, START } from '../../../../test/support/jobs-fixture.js';
import { type Cursor, readCursor, writeCursor } from './cursor.js';
import { readInstant, readObject, writeInstant } from './json.js';
import { readKillOrder, writeKillOrder } from './kill-order.js';
import { type Beat, readBeat, readPresence, type WorkerPresence, writeBeat, writePresence } from './presence.js';
import { type RequestEntry, readRequest, writeRequest } from './request-entry.js';
import { type RunEntry, readLockHolder, readRunEntry, writeLockHolder, writeRunEntry } from './run-entry.js';
import type { Vitals } from './vitals.js';

const AT = '2026-01-01T00:00:00.000Z';
/** An object that no conversion to text or number survives. */
const UNCONVERTIBLE = '{"toString":1,"valueOf":1}';
const session = { worker: 'w1', session: 'lease-1', sessionRevision: 9 };

/** Bytes that hold none of our values, whatever is looked for in them. */
const FOREIGN: readonly (readonly [what: string, value: Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['half an object', Buffer.from('{"runId":"a"')],
  ['null', Buffer.from('null')],
  ['a number', Buffer.from('1e309')],
  ['a text', Buffer.from('"runId"')],
  ['a list', Buffer.from('[{"runId":"a"}]')],
  ['an empty object', Buffer.from('{}')],
  ['bytes that are no text', Buffer.from([0, 255, 254, 128, 7])],
  ['brackets without end', Buffer.from('['.repeat(100_000))],
  ['a prototype', Buffer.from('{"__proto__":{"runId":"a","jobName":"b","id":"c"}}')],
];

const READERS = { readCursor, readPresence, readBeat, readRequest, readRunEntry, readLockHolder, readObject } as const;

const VITALS: Vitals = {
  ...{ fires: 7, latenessP99Ms: 31, latenessMaxMs: 40, claims: 8, refused: 1, writeRequests: 9 },
  ...{ watchLagMs: 2, loopStallMs: 5, loopWaitMs: 4, spoolBytes: 6 },
};

describe('values in the store', () => {
  it.each<[string, Cursor]>([
    ['a plain one', { at: START, generation: 7, fingerprint: 'f', runs: 3, resets: 1 }],
    ['one that knows since when', { at: START, generation: 7, fingerprint: 'f', since: START - 1, runs: 3, resets: 1 }],
    ['one of a deleted job', { at: START + 1, generation: 7, fingerprint: '', runs: 0, resets: 0, deleted: true }],
    ['one of a job born with it', { at: 0, generation: 0, fingerprint: 'f', runs: 0, resets: 0 }],
  ])('gives a cursor back as it was written: %s', (_what, cursor) => {
    expect(readCursor(Buffer.from(writeCursor(cursor)))).toEqual(cursor);
  });

  it('writes a cursor as the protocol names its fields, 64-bit numbers as texts', () => {
    const cursor = { at: START, generation: 7, fingerprint: 'f', runs: 3, resets: 1 };
    expect(JSON.parse(writeCursor(cursor))).toEqual({ v: 1, at: AT, g: '7', s: 'f', n: 3, r: 1 });
  });

  it.each<[string, RunEntry]>([
    ['claimed', entryOf({ lockSlot: 2, params: { day: '1' } })],
    ['running', entryOf({ state: 'running', pid: 7, startTime: START + 5, kill: { by: 'ann', why: 'no', at: START } })],
    ['finished', entryOf({ state: 'finished', result: { status: 'failed', reason: 'exit: 2', exitCode: 2 } })],
    ['with a gap', entryOf({ gap: [{ from: 1, to: 2, count: 2, status: 'missed', reason: 'deadline' }] })],
  ])('gives a run entry back as it was written: %s', (_what, entry) => {
    expect(readRunEntry(Buffer.from(writeRunEntry(entry)))).toEqual(entry);
  });

  it.each<[string, RequestEntry]>([
    ['a manual one', requestOf({ params: { day: '1' }, worker: 'w1' })],
    ['a retry', requestOf({ trigger: 'retry', attempt: 2, notBefore: START + 10_000, rootRunId: 'run-1' })],
  ])('gives a request back as it was written: %s', (_what, request) => {
    expect(readRequest(Buffer.from(writeRequest(request)))).toEqual(request);
  });

  it.each<[string, WorkerPresence]>([
    ['serving', presenceOf('w1', { labels: { disk: 'ssd' }, isFull: true })],
    ['draining', presenceOf('w1', { drainFrom: START + 3000, clockSuspect: true })],
  ])('gives a presence back as it was written: %s', (_what, presence) => {
    expect(readPresence(Buffer.from(writePresence(presence)))).toEqual(presence);
  });

  it.each([
    ['of an older worker', undefined],
    ['with a field missing', { fires: 1 }],
    ['with a field that is no amount', { ...VITALS, spoolBytes: '6' }],
    ['with an amount below nothing', { ...VITALS, claims: -1 }],
    ['that are no object', 'well'],
  ])('takes a beat without its vitals: %s', (_what, vitals) => {
    const read = readBeat(Buffer.from(JSON.stringify({ id: 'w1', clock: START, running: 2, load: 0, vitals })));
    expect(read).toEqual({ id: 'w1', clock: START, running: 2, load: 0 });
  });

  it('gives beats and lock holders back as they were written', () => {
    const beat: Beat = { id: 'w1', clock: START, running: 2, load: 0.5, clockOffsetMs: -3, undelivered: 1 };
    for (const each of [
      beat,
      { ...beat, vitals: VITALS },
      { ...beat, vitals: { ...VITALS, historyAwaySince: START } },
    ]) {
      expect(readBeat(Buffer.from(writeBeat(each)))).toEqual({ v: 1, ...each });
    }
    const holder = { ...session, runId: 'run-1' };
    expect(readLockHolder(Buffer.from(writeLockHolder(holder)))).toEqual(holder);
  });

  for (const [name, read] of Object.entries(READERS)) {
    it.each(FOREIGN)(`${name} finds nothing in %s`, (what, value) => {
      if (name === 'readObject' && /object|prototype/.test(what) && what !== 'half an object') return;
      expect(read(value)).toBeUndefined();
    });
  }

  it.each<[reader: keyof typeof READERS, value: string]>([
    ['readCursor', '{"at":"yesterday"}'],
    ['readCursor', '{"at":1767225600000}'],
    ['readRunEntry', `{"runId":"a","jobName":"b","scheduledTime":"${AT}","claimedAt":"soon"}`],
    ['readRunEntry', `{"runId":1,"jobName":"b","scheduledTime":"${AT}","claimedAt":"${AT}"}`],
    ['readRunEntry', `{"runId":"a","scheduledTime":"${AT}","claimedAt":"${AT}"}`],
    ['readRunEntry', `{"runId":"a","jobName":"b","scheduledTime":"${AT}","claimedAt":"${AT}","gap":null}`],
    ['readRunEntry', `{"runId":"a","jobName":"b","scheduledTime":"${AT}","claimedAt":"${AT}","gap":{}}`],
    ['readRunEntry', `{"runId":"a","jobName":"b","scheduledTime":"${AT}","claimedAt":"${AT}","gap":[null]}`],
    ['readRunEntry', `{"runId":"a","jobName":"b","scheduledTime":"${AT}","claimedAt":"${AT}","kill":null}`],
    ['readRunEntry', `{"runId":"a","jobName":"b","scheduledTime":"${AT}","claimedAt":"${AT}","kill":"now"}`],
    ['readRunEntry', `{"runId":"a","jobName":"b","scheduledTime":"${AT}","claimedAt":"${AT}","state":"finished"}`],
    [
      'readRunEntry',
      `{"runId":"a","jobName":"b","scheduledTime":"${AT}","claimedAt":"${AT}","state":"finished","result":null}`,
    ],
    ['readRequest', `{"runId":"a","jobName":"b","scheduledTime":"${AT}","requestedAt":"${AT}"}`],
    ['readRequest', `{"runId":"a","scheduledTime":"${AT}","requestedAt":"${AT}","notBefore":"${AT}"}`],
    ['readPresence', '{"id":7}'],
    ['readPresence', '{"id":"w1","labels":null}'],
    ['readPresence', '{"id":"w1","labels":["disk"],"group":7}'],
    ['readBeat', '{"id":"w1","clock":"now"}'],
    ['readLockHolder', '{"runId":"a","worker":{}}'],
  ])('%s takes %s for none of ours', (reader, value) => {
    expect(READERS[reader](Buffer.from(value))).toBeUndefined();
  });

  it('survives values that no conversion survives', () => {
    const cursor = `{"at":"${AT}","g":${UNCONVERTIBLE},"s":${UNCONVERTIBLE},"n":${UNCONVERTIBLE},"r":"x"}`;
    expect(readCursor(Buffer.from(cursor))).toEqual({ at: START, generation: 0, fingerprint: '', runs: 0, resets: 0 });
    const holder = `{"runId":"a","worker":"w","session":${UNCONVERTIBLE},"sessionRevision":${UNCONVERTIBLE}}`;
    expect(readLockHolder(Buffer.from(holder))).toEqual({ runId: 'a', worker: 'w', session: '', sessionRevision: 0 });
  });

  it('fills in what an older worker did not say of itself', () => {
    expect(readPresence(Buffer.from('{"id":"w1"}'))).toEqual({
      id: 'w1',
      group: 'default',
      labels: {},
      schema: 1,
      startedAt: 0,
      eligibleFrom: 0,
    });
  });

  it('reads an instant only from a text that names one', () => {
    expect(readInstant(writeInstant(START + 7))).toBe(START + 7);
    expect([undefined, null, 0, '', 'soon', {}].map(readInstant)).toEqual(Array(6).fill(undefined));
  });
});

describe('a kill order', () => {
  it('comes back as it was written', () => {
    const order = { runId: 'run-1', by: 'ann', why: 'stuck' };
    expect(readKillOrder(Buffer.from(writeKillOrder(order)))).toEqual(order);
  });

  const all = { by: 'etcd', why: 'killer key' };

  it.each(FOREIGN)('is read from %s: every run of the job', (_what, value) => {
    expect(readKillOrder(value)).toEqual(all);
  });

  it.each([
    ['{"run":"run-1","reason":"stuck"}', { runId: 'run-1', by: 'etcd', why: 'stuck' }],
    ['{"runId":"","by":7,"why":null}', all],
    ['{"runId":7}', all],
  ])('reads the other words people use, and no more: %s', (value, order) => {
    expect(readKillOrder(Buffer.from(value))).toEqual(order);
  });
});

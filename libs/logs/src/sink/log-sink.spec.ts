import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Receipt } from '@app/jobs';
import { Log, SystemClock, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FaultyHistory } from '../contract/faulty-history.js';
import { sampleChunk, sampleRun, stillRunning } from '../contract/samples.js';
import { Deferred } from './deferred.js';
import { LogSink } from './log-sink.js';
import { LogSinkTuning } from './options.js';
import { Spool } from './spool.js';

const QUICK: Partial<LogSinkTuning> = {
  batchMs: 10,
  storeDeadlineMs: 100,
  slowMs: 40,
  retryMinMs: 5,
  retryMaxMs: 20,
};

/** Asks again until it holds; however busy the machine is. */
function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 });
}

describe('LogSink', () => {
  let folder: string;
  let store: FaultyHistory;
  let sinks: LogSink[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetcron-sink-'));
    store = new FaultyHistory();
    sinks = [];
  });

  afterEach(async () => {
    await Promise.allSettled(sinks.map((sink) => sink.close(200)));
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function startSink(tuning: Partial<LogSinkTuning> = {}, into = folder): Promise<LogSink> {
    const sink = new LogSink(store, into, new SystemClock(), silentLog, { ...QUICK, ...tuning });
    sinks.push(sink);
    await sink.start();
    return sink;
  }

  async function storedIds(): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.findRuns({}, 500, cursor);
      ids.push(...page.items.map((run) => run.id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return ids.sort();
  }

  describe('with the store up', () => {
    it('stores a record within the time of a batch, and the disk is not touched', async () => {
      const sink = await startSink();
      const receipt = sink.record(sampleRun({ id: 'r1' }));
      await receipt.stored;
      await receipt.spooled;
      expect(await store.findRun('r1')).toEqual(sampleRun({ id: 'r1' }));
      expect(sink.stats()).toMatchObject({
        mode: 'direct',
        spoolSegments: 0,
        waitingRecords: 0,
        waitingBytes: 0,
        storedRuns: 1,
      });
    });

    it('sends many records in few calls', async () => {
      const sink = await startSink({ batchRecords: 100 });
      const receipts = Array.from({ length: 1_000 }, (_, n) => sink.record(sampleRun({ id: `r${n}` })));
      await Promise.all(receipts.map((receipt) => receipt.stored));
      expect(store.calls.writeRuns).toBe(10);
    });

    it('sends one record for the steps of one run in one batch', async () => {
      const sink = await startSink();
      const run = sampleRun({ id: 'r1' });
      sink.record(stillRunning(run));
      await sink.record(run).stored;
      expect(store.written).toEqual(['r1']);
      expect(await store.findRun('r1')).toEqual(run);
    });

    it('has stored the output of a run when its end is stored', async () => {
      const sink = await startSink();
      for (let seq = 0; seq < 20; seq += 1) sink.appendOutput(sampleChunk('r1', seq, `line ${seq}`));
      await sink.record(sampleRun({ id: 'r1' })).stored;
      expect(await store.findOutput('r1', {})).toHaveLength(20);
    });

    it('keeps what is recorded before it was started', async () => {
      const sink = new LogSink(store, folder, new SystemClock(), silentLog, QUICK);
      sinks.push(sink);
      const receipt = sink.record(sampleRun({ id: 'early' }));
      await sink.start();
      await receipt.stored;
      expect(await storedIds()).toEqual(['early']);
    });

    it('has two batches on their way at once, and no more', async () => {
      const sink = await startSink({ batchRecords: 1, slowMs: 60_000, storeDeadlineMs: 60_000 });
      store.state = 'held';
      const receipts = ['r1', 'r2', 'r3'].map((id) => sink.record(sampleRun({ id })));
      await eventually(() => expect(store.calls.writeRuns).toBe(2));
      store.release();
      await Promise.all(receipts.map((receipt) => receipt.stored));
      expect(store.calls.writeRuns).toBe(3);
      expect(await storedIds()).toEqual(['r1', 'r2', 'r3']);
    });

    it('gives the store no record before the output that was handed in before it', async () => {
      const sink = await startSink({ batchRecords: 1, slowMs: 60_000, storeDeadlineMs: 60_000 });
      store.state = 'held';
      sink.appendOutput(sampleChunk('r1', 0, 'line'));
      const receipt = sink.record(sampleRun({ id: 'r1' }));
      await eventually(() => expect(store.calls.writeOutput).toBe(1));
      await new Promise((resolve) => setImmediate(resolve));
      expect(store.calls.writeRuns).toBe(0);
      store.release();
      await receipt.stored;
      expect(store.calls.writeRuns).toBe(1);
    });

    it('gives the store no later record before output that it takes slowly', async () => {
      const sink = await startSink({ batchRecords: 1, storeDeadlineMs: 60_000 });
      store.state = 'held';
      sink.appendOutput(sampleChunk('r1', 0, 'line'));
      await eventually(() => expect(store.calls.writeOutput).toBe(1));
      // That call is never answered; the next ones are.
      store.state = 'up';
      const receipt = sink.record(sampleRun({ id: 'r1' }));
      await eventually(() => {
        sink.record(sampleRun({ id: 'later' }));
        expect(sink.stats().mode).toBe('spooling');
      });
      await receipt.stored;
      expect((await store.findOutput('r1', {})).map((chunk) => chunk.seq)).toEqual([0]);
    });

    it('sends what comes to disk while a call is slow, and all of it arrives', async () => {
      const sink = await startSink({ storeDeadlineMs: 60_000 });
      store.state = 'held';
      const receipts = [sink.record(sampleRun({ id: 'r0' }))];
      await eventually(() => expect(store.calls.writeRuns).toBe(1));
      await eventually(() => {
        receipts.push(sink.record(sampleRun({ id: `r${receipts.length}` })));
        expect(sink.stats().mode).toBe('spooling');
      });
      await receipts.at(-1)?.spooled;
      store.release();
      await Promise.all(receipts.map((receipt) => receipt.stored));
      expect(await storedIds()).toHaveLength(receipts.length);
      await eventually(() => expect(sink.stats()).toMatchObject({ mode: 'direct', spoolSegments: 0 }));
    });
  });

  describe('with the store failing', () => {
    it.each(['down', 'blackHole', 'lostReply'] as const)(
      'keeps records on disk (%s) and delivers each when it is back',
      async (state) => {
        const sink = await startSink();
        store.state = state;
        const receipts = Array.from({ length: 300 }, (_, n) => sink.record(sampleRun({ id: `r${n}` })));
        for (let seq = 0; seq < 30; seq += 1) sink.appendOutput(sampleChunk('r7', seq, `line ${seq}\n`));
        await Promise.all(receipts.map((receipt) => receipt.spooled));
        await sink.flush();
        expect(sink.stats()).toMatchObject({ mode: 'spooling', waitingRecords: 0, waitingBytes: 0 });
        expect(sink.stats().spoolBytes).toBeGreaterThan(100_000);
        store.state = 'up';
        await Promise.all(receipts.map((receipt) => receipt.stored));
        expect(await storedIds()).toHaveLength(300);
        expect(await store.findOutput('r7', {})).toHaveLength(30);
        await eventually(() =>
          expect(sink.stats()).toMatchObject({ mode: 'direct', spoolBytes: 0, spoolSegments: 0, lastError: undefined }),
        );
      },
    );

    it('does not resolve "stored" before the store has it', async () => {
      const sink = await startSink();
      store.state = 'down';
      const receipt = sink.record(sampleRun({ id: 'r1' }));
      let isStored = false;
      void receipt.stored.then(() => {
        isStored = true;
      });
      await receipt.spooled;
      await eventually(() => expect(store.calls.ping).toBeGreaterThan(5));
      expect(isStored).toBe(false);
      store.state = 'up';
      await receipt.stored;
      expect(await storedIds()).toEqual(['r1']);
    });

    it('only pings a store that does not answer', async () => {
      const sink = await startSink();
      store.state = 'blackHole';
      await sink.record(sampleRun({ id: 'r1' })).spooled;
      const calls = store.calls.writeRuns;
      await eventually(() => expect(store.calls.ping).toBeGreaterThan(3));
      expect(store.calls.writeRuns).toBe(calls);
    });

    it('goes through many outages without losing or doubling a record', async () => {
      const sink = await startSink({ segmentBytes: 20_000, batchRecords: 20 });
      const receipts = [];
      for (let n = 0; n < 2_000; n += 1) {
        if (n % 100 === 0)
          store.state = (['down', 'up', 'lostReply', 'up', 'slow', 'up'] as const)[(n / 100) % 6] ?? 'up';
        receipts.push(sink.record(sampleRun({ id: `r${String(n).padStart(4, '0')}` })));
        if (n % 50 === 0) await receipts.at(-1)?.spooled;
      }
      store.state = 'up';
      await Promise.all(receipts.map((receipt) => receipt.stored));
      expect(await storedIds()).toEqual(Array.from({ length: 2_000 }, (_, n) => `r${String(n).padStart(4, '0')}`));
      await eventually(() =>
        expect(sink.stats()).toMatchObject({ mode: 'direct', spoolSegments: 0, waitingRecords: 0 }),
      );
    });

    it('stores no record before the output that waits on disk, when it ends', async () => {
      const ids = Array.from({ length: 400 }, (_, n) => `r${n}`);
      const hasOutput = new Set<string>();
      const early: string[] = [];
      const [writeOutput, writeRuns] = [store.writeOutput.bind(store), store.writeRuns.bind(store)];
      store.writeOutput = async (chunks) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        await writeOutput(chunks);
        for (const { runId } of chunks) hasOutput.add(runId);
      };
      store.writeRuns = async (runs) => {
        early.push(...runs.map(({ id }) => id).filter((id) => !hasOutput.has(id)));
        await writeRuns(runs);
      };
      const sink = await startSink({ batchRecords: 20 });
      store.state = 'down';
      for (const id of ids) sink.appendOutput(sampleChunk(id, 0, 'its output'));
      await sink.flush();
      await eventually(() => expect(sink.stats().mode).toBe('spooling'));
      store.state = 'up';
      await eventually(() => expect(sink.stats().mode).toBe('direct'));
      expect(hasOutput.size).toBeLessThan(ids.length);
      await Promise.all(ids.map((id) => sink.record(sampleRun({ id })).stored));
      expect(early).toEqual([]);
    });

    it('takes to disk what waited behind it, when the store is away again before all of it is there', async () => {
      const writeRuns = store.writeRuns.bind(store);
      const sink = await startSink({ batchRecords: 5 });
      store.state = 'down';
      for (let n = 0; n < 100; n++) sink.record(sampleRun({ id: `r${n}` }));
      await sink.flush();
      let waiting: Receipt[] = [];
      store.writeRuns = async (runs) => {
        if (waiting.length === 0 && sink.stats().mode === 'direct') {
          // A whole batch: it is given out at once.
          waiting = Array.from({ length: 5 }, (_, n) => sink.record(sampleRun({ id: `waiting${n}` })));
          store.state = 'down';
        }
        await writeRuns(runs);
      };
      store.state = 'up';
      await eventually(() => expect(waiting).toHaveLength(5));
      await Promise.all(waiting.map(({ spooled }) => spooled));
      store.state = 'up';
      await Promise.all(waiting.map(({ stored }) => stored));
      expect(await storedIds()).toHaveLength(105);
    });

    it('gets into a store that is too slow for a whole batch within the deadline', async () => {
      const writeRuns = store.writeRuns.bind(store);
      let most = 0;
      store.writeRuns = async (runs) => {
        most = Math.max(most, runs.length);
        await new Promise((resolve) => setTimeout(resolve, 2 * runs.length));
        await writeRuns(runs);
      };
      const sink = await startSink();
      store.state = 'down';
      const receipts = Array.from({ length: 500 }, (_, n) => sink.record(sampleRun({ id: `r${n}` })));
      await sink.flush();
      store.state = 'up';
      await Promise.all(receipts.map(({ stored }) => stored));
      expect(most).toBeGreaterThan(50);
      expect(await storedIds()).toHaveLength(500);
    });

    it('holds little memory however long it lasts', async () => {
      const sink = await startSink({ memoryBytes: 1024 * 1024, segmentBytes: 256 * 1024 });
      store.state = 'down';
      let most = 0;
      let last = sink.record(sampleRun({ id: 'first' }));
      for (let n = 0; n < 3_000; n += 1) {
        last = sink.record(sampleRun({ id: `r${n}`, output: 'x'.repeat(4_000) }));
        most = Math.max(most, sink.stats().waitingBytes);
        if (n % 100 === 99) await last.spooled;
      }
      expect(most).toBeLessThan(2 * 1024 * 1024);
      expect(sink.stats().spoolBytes).toBeGreaterThan(10 * 1024 * 1024);
      store.state = 'up';
      await last.stored;
      expect(await storedIds()).toHaveLength(3_001);
      expect((await store.findRun('r2999'))?.output).toHaveLength(4_000);
    });

    it('drops output beyond the quota, marks the cut, and keeps every record', async () => {
      const sink = await startSink({ spoolOutputBytes: 50_000 });
      store.state = 'down';
      await sink.record(stillRunning(sampleRun({ id: 'r1' }))).spooled;
      for (let seq = 0; seq < 20; seq += 1) {
        sink.appendOutput(sampleChunk('r1', seq, '', { data: Buffer.alloc(10_000, 'x'), offset: seq * 10_000 }));
        await sink.flush();
      }
      await sink.record(sampleRun({ id: 'r2' })).spooled;
      const dropped = sink.stats().droppedOutputBytes;
      expect(dropped).toBeGreaterThanOrEqual(150_000);
      store.state = 'up';
      await eventually(() => expect(sink.stats().spoolBytes).toBe(0));
      sink.appendOutput(sampleChunk('r1', 20, 'the end', { offset: 200_000 }));
      await sink.record(sampleRun({ id: 'r1' })).stored;
      const chunks = await store.findOutput('r1', {});
      const kept = chunks.reduce((sum, chunk) => sum + chunk.data.length, 0);
      expect(chunks.at(-1)).toMatchObject({ seq: 20, cutBefore: dropped });
      expect(kept + dropped).toBe(200_007);
      expect((await store.findRun('r1'))?.outputTruncated).toBe(true);
      expect((await store.findRun('r2'))?.outputTruncated).toBe(false);
    });
  });

  describe('with a record the store will never take', () => {
    it('puts exactly that one aside and nothing waits behind it', async () => {
      const sink = await startSink();
      store.isPoison = (item) => 'id' in item && item.id === 'r77';
      const receipts = Array.from({ length: 200 }, (_, n) => sink.record(sampleRun({ id: `r${n}` })));
      await Promise.all(receipts.map((receipt) => receipt.stored));
      expect(await storedIds()).toHaveLength(199);
      expect(sink.stats()).toMatchObject({ refused: 1, mode: 'direct' });
      expect(await readFile(join(folder, 'refused.jsonl'), 'utf8')).toContain('r77');
    });

    it('keeps it without its text when that is what the store refuses', async () => {
      const sink = await startSink();
      store.isPoison = (item) => 'id' in item && item.output === 'poison';
      await sink.record(sampleRun({ id: 'r1', output: 'poison' })).stored;
      expect(await store.findRun('r1')).toMatchObject({ status: 'succeeded', outputTruncated: true });
      expect(sink.stats().refused).toBe(0);
    });

    it('keeps the record of a run whose output is refused', async () => {
      const sink = await startSink();
      store.isPoison = (item) => 'seq' in item && item.seq === 1;
      for (let seq = 0; seq < 3; seq += 1) sink.appendOutput(sampleChunk('r1', seq, '😀'));
      await sink.record(sampleRun({ id: 'r1' })).stored;
      expect((await store.findOutput('r1', {})).map((chunk) => chunk.seq)).toEqual([0, 2]);
      expect(await storedIds()).toEqual(['r1']);
    });

    it('gets past it in the spool as well', async () => {
      const sink = await startSink();
      store.state = 'down';
      store.isPoison = (item) => 'id' in item && item.id === 'r5';
      const receipts = Array.from({ length: 10 }, (_, n) => sink.record(sampleRun({ id: `r${n}` })));
      await Promise.all(receipts.map((receipt) => receipt.spooled));
      store.state = 'up';
      await Promise.all(receipts.map((receipt) => receipt.stored));
      expect(await storedIds()).toHaveLength(9);
    });
  });

  it('sends what comes to disk while the rest of what lies there is taken slowly', async () => {
    const first = await startSink();
    store.state = 'down';
    await Promise.all(['r1', 'r2', 'r3'].map((id) => first.record(sampleRun({ id })).spooled));
    await first.close(1_000);
    store.state = 'held';
    const sink = await startSink({ batchRecords: 1, storeDeadlineMs: 60_000 });
    const tried = store.calls.writeRuns;
    await eventually(() => expect(store.calls.writeRuns).toBe(tried + 1));
    store.release();
    store.state = 'held';
    await eventually(() => expect(store.calls.writeRuns).toBe(tried + 2));
    expect(sink.stats().mode).toBe('direct');
    let more = 0;
    let isOnDisk = false;
    await eventually(() => {
      void sink.record(sampleRun({ id: `more${more++}` })).spooled.then(() => {
        isOnDisk = true;
      });
      expect(isOnDisk).toBe(true);
    });
    store.release();
    await eventually(async () => expect(await storedIds()).toHaveLength(3 + more));
  });

  describe('with the disk refusing', () => {
    it('says so in the receipt, keeps the records in memory and stores them when history is back', async () => {
      const sink = await startSink();
      store.state = 'down';
      await rm(folder, { recursive: true });
      const receipt = sink.record(sampleRun({ id: 'r1' }));
      await expect(receipt.spooled).rejects.toThrow(/ENOENT/);
      await expect(sink.flush()).rejects.toThrow(/ENOENT/);
      expect(sink.stats().waitingRecords).toBe(1);
      store.state = 'up';
      await receipt.stored;
      await eventually(() => expect(sink.stats()).toMatchObject({ mode: 'direct', waitingRecords: 0 }));
    });

    it('does not take an answered ping for a history that takes records', async () => {
      const lines: string[] = [];
      const log = { ...silentLog, warn: (line: string) => lines.push(line), info: (line: string) => lines.push(line) };
      const sink = new LogSink(store, folder, new SystemClock(), log as Log, QUICK);
      sinks.push(sink);
      await sink.start();
      store.state = 'full';
      await rm(folder, { recursive: true });
      const receipt = sink.record(sampleRun({ id: 'r1' }));
      await eventually(() => expect(sink.stats().delayedSince).toBeDefined());
      const { delayedSince } = sink.stats();
      const tried = store.calls.writeRuns;
      await eventually(() => expect(store.calls.writeRuns).toBeGreaterThan(tried + 5));
      expect(sink.stats().delayedSince).toBe(delayedSince);
      expect(lines).toEqual(['history does not take records in time; they wait on disk']);
      store.state = 'up';
      await receipt.stored;
      await eventually(() => expect(sink.stats().delayedSince).toBeUndefined());
      expect(lines).toEqual([expect.anything(), 'history takes records again']);
    });

    it('does not take a ping answered while the disk is written for a history that takes records', async () => {
      const sink = await startSink();
      store.state = 'full';
      const disk = new Deferred();
      const append = vi.spyOn(Spool.prototype, 'append').mockImplementationOnce(async () => {
        await disk.promise;
        throw new Error('ENOSPC');
      });
      const receipt = sink.record(sampleRun({ id: 'r1' }));
      await eventually(() => expect(append).toHaveBeenCalled());
      await eventually(() => expect(sink.stats().mode).toBe('direct'));
      expect(sink.stats().delayedSince).toBeDefined();
      disk.resolve();
      await expect(receipt.spooled).rejects.toThrow('ENOSPC');
      append.mockRestore();
      store.state = 'up';
      await receipt.stored;
      await eventually(() => expect(sink.stats().delayedSince).toBeUndefined());
    });

    it('drops output and the text of records before memory runs out, never a record', async () => {
      const sink = await startSink({ memoryBytes: 100_000 });
      store.state = 'down';
      await rm(folder, { recursive: true });
      const receipts = Array.from({ length: 200 }, (_, n) => {
        sink.appendOutput(sampleChunk(`r${n}`, 0, 'x'.repeat(4_000)));
        return sink.record(sampleRun({ id: `r${n}`, output: 'x'.repeat(4_000) }));
      });
      expect(sink.stats().waitingBytes).toBeLessThan(250_000);
      store.state = 'up';
      await Promise.all(receipts.map((receipt) => receipt.stored));
      expect(await storedIds()).toHaveLength(200);
      expect(await store.findRun('r199')).toMatchObject({ status: 'succeeded', outputTruncated: true });
    });

    it('uses the disk again as soon as it takes records', async () => {
      const sink = await startSink();
      store.state = 'down';
      await rm(folder, { recursive: true });
      const first = sink.record(sampleRun({ id: 'r1' }));
      await expect(first.spooled).rejects.toThrow();
      await mkdir(folder);
      await eventually(() => expect(sink.stats()).toMatchObject({ waitingRecords: 0, spoolSegments: 1 }));
    });

    it('does not start on a folder that cannot be one', async () => {
      await writeFile(join(folder, 'file'), '');
      await expect(startSink({}, join(folder, 'file', 'spool'))).rejects.toThrow();
    });
  });

  describe('closing', () => {
    it('stores what waits when the store is up', async () => {
      const sink = await startSink({ batchMs: 60_000 });
      sink.record(sampleRun({ id: 'r1' }));
      await sink.close(1_000);
      expect(await storedIds()).toEqual(['r1']);
    });

    it.each(['down', 'blackHole'] as const)(
      'leaves on disk what the store does not take in time (%s), for the next start',
      async (state) => {
        const sink = await startSink({ batchMs: 60_000 });
        store.state = state;
        sink.record(sampleRun({ id: 'r1' }));
        // Half of it is the disk's, which may be busy with other things.
        await sink.close(3_000);
        store.state = 'up';
        const next = await startSink();
        await eventually(async () => expect(await storedIds()).toEqual(['r1']));
        await eventually(() => expect(next.stats()).toMatchObject({ mode: 'direct', spoolBytes: 0 }));
      },
    );

    it('still takes records afterwards, for the next start', async () => {
      const sink = await startSink();
      await sink.close(100);
      await sink.record(sampleRun({ id: 'late' })).spooled;
      await startSink();
      await eventually(async () => expect(await storedIds()).toEqual(['late']));
    });

    it('says how many records are lost when neither store nor disk takes them', async () => {
      const sink = await startSink();
      store.state = 'down';
      await rm(folder, { recursive: true });
      sink.record(sampleRun({ id: 'r1' }));
      await expect(sink.close(100)).rejects.toThrow(/1 records/);
    });
  });
});

import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LogSink } from '@app/logs';
import { SystemClock, silentLog } from '@app/platform';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultyHistory } from '../../libs/logs/src/contract/faulty-history.js';
import { buildProgram } from '../support/build-program.js';
import { startProgram } from '../support/child-program.js';
import { until } from '../support/until.js';

describe('the log sink under kill -9', () => {
  let recorder: string;
  let folder: string;
  let store: FaultyHistory;

  beforeAll(async () => {
    recorder = (await buildProgram(resolve(import.meta.dirname, 'sink-recorder.program.ts'))).path;
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetcron-sink-crash-'));
    store = new FaultyHistory();
  });

  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  /** Lets the program record until it has promised so many, and kills it; gives the ids it promised. */
  async function recordAndKill(prefix: string, promises: number): Promise<readonly string[]> {
    const program = startProgram(recorder, folder, prefix);
    await program.line(`${prefix}-${promises - 1}.`);
    await program.kill();
    return program.lines.filter((line) => line.endsWith('.')).map((line) => line.slice(0, -1));
  }

  async function deliverWhatIsLeft(): Promise<void> {
    const sink = new LogSink(store, folder, new SystemClock(), silentLog);
    await sink.start();
    await until('the spool is delivered', () => sink.stats().spoolBytes === 0 && sink.stats().mode === 'direct');
    await sink.close(1_000);
  }

  it('delivers every record that was said to be on disk, each once, after any number of kills', async () => {
    const promised: string[] = [];
    for (const [round, promises] of [40, 1, 333, 90].entries()) {
      promised.push(...(await recordAndKill(`k${round}`, promises)));
    }
    expect((await readdir(folder)).length).toBeGreaterThan(4);
    await deliverWhatIsLeft();
    for (const id of promised) expect(await store.findRun(id), id).toBeDefined();
    expect(new Set(store.written).size).toBe(store.written.length);
    expect(await readdir(folder)).toEqual([]);
  });

  it('delivers what stands before a torn end', async () => {
    const promised = await recordAndKill('torn', 10);
    const [first = ''] = (await readdir(folder)).sort();
    await truncate(join(folder, first), 2_000);
    await deliverWhatIsLeft();
    expect(store.written.length).toBeGreaterThanOrEqual(2);
    expect(store.written).toEqual(promised.slice(0, store.written.length));
  });
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock, silentLog } from '@app/platform';
import { BeforeApplicationShutdown, INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleRun } from './contract/samples.js';
import { EmbeddedHistory } from './embedded/embedded-history.js';
import { HISTORY_STORE, LogSinkModule } from './log-sink.module.js';
import { HistoryStore } from './port/history-store.js';
import { LogSink } from './sink/log-sink.js';

/** Records while everything is being stopped, as a worker does that ends its last runs. */
@Injectable()
class LateRecorder implements BeforeApplicationShutdown {
  constructor(private readonly sink: LogSink) {}

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.resolve();
    this.sink.record(sampleRun({ id: 'last words' }));
  }
}

describe('LogSinkModule', () => {
  let folder: string;
  let app: INestApplicationContext | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetcron-module-'));
  });

  afterEach(async () => {
    await app?.close();
    await rm(folder, { recursive: true });
  });

  async function start(history: string): Promise<INestApplicationContext> {
    @Module({
      imports: [
        LogSinkModule.forRootAsync({
          useFactory: () => ({ history, dataFolder: folder, clock: new SystemClock(), log: silentLog, closeMs: 400 }),
        }),
      ],
      providers: [LateRecorder],
    })
    class TestModule {}
    const context = await NestFactory.createApplicationContext(TestModule, { logger: false });
    await context.init();
    return context;
  }

  it('records into the history it opened, and closes both with the application', async () => {
    app = await start(`embedded:${folder}/new`);
    const store = app.get<HistoryStore>(HISTORY_STORE);
    await app.get(LogSink).record(sampleRun({ id: 'r1' })).stored;
    expect(await store.findRun('r1')).toBeDefined();
    await app.close();
    await expect(store.ping()).rejects.toThrow(/closed/);
  });

  it('keeps what is recorded while the application stops', async () => {
    app = await start(`embedded:${folder}`);
    app.get(LogSink).record(sampleRun({ id: 'r1' }));
    await app.close();
    const store = new EmbeddedHistory(join(folder, 'history.db'));
    expect(await store.findRun('r1')).toBeDefined();
    expect(await store.findRun('last words')).toBeDefined();
    await store.close();
  });

  it('starts and stops in time with a MongoDB that is not there, and keeps the records on disk', async () => {
    // Port 9 of the loopback address: nothing listens there.
    app = await start('mongodb://127.0.0.1:9/fleetcron');
    app.get(LogSink).record(sampleRun({ id: 'r1' }));
    await app.close();
    expect(await readdir(join(folder, 'spool'))).toHaveLength(1);
  });
});

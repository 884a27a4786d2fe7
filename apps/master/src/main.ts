import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdModule, readStoreSettings } from '@app/etcd';
import { JobsModule } from '@app/jobs';
import { LogSinkModule } from '@app/logs';
import {
  closeOnSignal,
  configOrExit,
  createLog,
  masterSettings,
  orExit,
  runProgram,
  SystemClock,
  VERSION,
} from '@app/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { createHttpApp } from './http/create-http-app.js';
import { httpOptionsOf } from './http-options.js';
import { MasterModule } from './master.module.js';
import { listen } from './wiring/listen.js';

const STOP_MS = 20_000;

/** All that a master process is made of. */
@Module({})
class MasterAppModule {}

await runProgram(async () => {
  const config = configOrExit(masterSettings);
  const store = orExit(() => readStoreSettings(config));
  const log = createLog(config.logLevel, { app: 'master' });
  const clock = new SystemClock();
  // A master keeps nothing: what waits here for history waits in the coordination store too.
  const dataFolder = mkdtempSync(join(tmpdir(), 'fleetcron-master-'));
  process.on('exit', () => rmSync(dataFolder, { recursive: true, force: true }));
  const root: DynamicModule = {
    module: MasterAppModule,
    imports: [
      EtcdModule.forRoot({ ...store, clock, log }),
      JobsModule.forRoot({ prefix: store.prefix, clock, log }),
      LogSinkModule.forRoot({ history: config.history.reveal(), dataFolder, clock, log }),
      MasterModule.forRoot({
        id: `${hostname()}-${randomBytes(3).toString('hex')}`,
        address: `${config.httpHost}:${config.httpPort}`,
        version: VERSION,
        clock,
        log,
        config,
        http: httpOptionsOf(config),
        kinds: { store: store.location.kind, history: 'mongodb' },
      }),
    ],
  };
  const app = await createHttpApp(root);
  closeOnSignal(app, log, STOP_MS);
  log.info('The API is served', { url: await listen(app, config.httpHost, config.httpPort) });
});

import 'reflect-metadata';
import { EtcdModule, readStoreSettings } from '@app/etcd';
import { JobsModule } from '@app/jobs';
import { LogSinkModule } from '@app/logs';
import {
  closeOnSignal,
  configOrExit,
  createLog,
  orExit,
  runProgram,
  Secret,
  SystemClock,
  standaloneSettings,
  VERSION,
} from '@app/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { createHttpApp } from '../../master/src/http/create-http-app.js';
import { httpOptionsOf } from '../../master/src/http-options.js';
import { MasterModule } from '../../master/src/master.module.js';
import { listen } from '../../master/src/wiring/listen.js';
import { WorkerModule } from '../../worker/src/worker.module.js';
import { StandaloneMetrics } from './standalone-metrics.js';

/** Both roles in one process. */
@Module({})
class StandaloneModule {}

await runProgram(async () => {
  const config = configOrExit(standaloneSettings);
  // Without settings of their own both stores live in the data folder.
  const embedded = new Secret(`embedded:${config.data}`);
  const store = orExit(() => readStoreSettings({ ...config, store: config.store ?? embedded }));
  const log = createLog(config.logLevel, { app: 'standalone' });
  const clock = new SystemClock();
  const history = (config.history ?? embedded).reveal();
  let link: string | undefined;
  const http = httpOptionsOf(config, (path) => {
    link = path;
  });
  const address = `${config.httpHost}:${config.httpPort}`;
  const root: DynamicModule = {
    module: StandaloneModule,
    providers: [StandaloneMetrics],
    imports: [
      EtcdModule.forRoot({ ...store, clock, log }),
      JobsModule.forRoot({ prefix: store.prefix, clock, log }),
      LogSinkModule.forRoot({ history, dataFolder: config.data, clock, log }),
      MasterModule.forRoot({
        id: 'standalone',
        address,
        version: VERSION,
        clock,
        log,
        config,
        http,
        kinds: { store: store.location.kind, history: history.startsWith('embedded:') ? 'embedded' : 'mongodb' },
      }),
      // Nobody speaks for this process when it dies: its store is closed with it. The next start reads the journal.
      WorkerModule.forRoot({ config, version: VERSION, clock, log, lastWords: [] }),
    ],
  };
  const app = await createHttpApp(root);
  closeOnSignal(app, log, (config.drainSeconds + 30) * 1000);
  const served = await listen(app, config.httpHost, config.httpPort);
  const url = config.publicUrl ?? served;
  log.info('The API is served', { url });
  if (link !== undefined) process.stdout.write(`\n  Sign in once, within 15 minutes: ${new URL(link, url).href}\n\n`);
});

import 'reflect-metadata';
import { readStoreSettings } from '@app/etcd';
import {
  closeOnSignal,
  configOrExit,
  createLog,
  orExit,
  runProgram,
  SystemClock,
  VERSION,
  workerSettings,
} from '@app/platform';
import { NestFactory } from '@nestjs/core';
import { speakFor } from './last-words.js';
import { WorkerAppModule } from './worker-app.module.js';

const LAST_WORDS = '--last-words';

await runProgram(async () => {
  const config = configOrExit(workerSettings);
  const store = orExit(() => readStoreSettings(config));
  const log = createLog(config.logLevel, { app: 'worker' });
  const clock = new SystemClock();
  if (process.argv.includes(LAST_WORDS)) {
    await speakFor(store, clock, log);
    process.exit(0);
  }
  const lastWords = [process.execPath, import.meta.filename, LAST_WORDS];
  const options = { store, history: config.history.reveal(), config, version: VERSION, clock, log, lastWords };
  const app = await NestFactory.create(WorkerAppModule.forRoot(options), { logger: false, abortOnError: false });
  closeOnSignal(app, log, (config.drainSeconds + 30) * 1000);
  await app.listen(config.httpPort, config.httpHost);
  log.info('Health is served', { url: await app.getUrl() });
});

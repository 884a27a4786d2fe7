import 'reflect-metadata';
import { closeOnSignal, type WorkerConfig } from '@app/platform';
import { NestFactory } from '@nestjs/core';
import { WorkerAppModule, type WorkerAppOptions } from './worker-app.module.js';

/** Brings the whole worker up, and down on a signal. */
export async function serve(options: WorkerAppOptions & { readonly config: WorkerConfig }): Promise<void> {
  const { config, log } = options;
  const app = await NestFactory.create(WorkerAppModule.forRoot(options), { logger: false, abortOnError: false });
  closeOnSignal(app, log, (config.drainSeconds + 30) * 1000);
  await app.listen(config.httpPort, config.httpHost);
  log.info('Health is served', { url: await app.getUrl() });
}

import { readStoreSettings } from '@app/etcd';
import { configOrExit, createLog, orExit, runProgram, SystemClock, VERSION, workerSettings } from '@app/platform';
import { speakFor } from './last-words.js';

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
  // Loaded only now: locks wait for the last words, so that program must be up in no time.
  const { serve } = await import('./serve.js');
  const lastWords = [process.execPath, import.meta.filename, LAST_WORDS];
  await serve({ store, history: config.history.reveal(), config, version: VERSION, clock, log, lastWords });
});

import { text } from 'node:stream/consumers';
import { type EtcdModuleOptions, openCoordinationStore } from '@app/etcd';
import { Keys, type LastWords, speakLastWords } from '@app/jobs';
import type { Clock, Log } from '@app/platform';

/** After so long there is nothing more to say: `lostAfterSeconds` rules then. */
const LONGEST_MS = 10_000;

/** Reads the dead worker's testament from standard input and carries it out. Throws what the store throws. */
export async function speakFor(
  store: Pick<EtcdModuleOptions, 'location' | 'prefix'>,
  clock: Clock,
  log: Log,
): Promise<void> {
  const words = JSON.parse(await text(process.stdin)) as LastWords;
  const stopping = new AbortController();
  const cancel = clock.timer(LONGEST_MS, () => {
    log.warn('The last words were not heard', { worker: words.workerId });
    stopping.abort();
    process.exit(1);
  });
  const coordination = openCoordinationStore({ ...store, clock, log });
  const ended = await speakLastWords(coordination, new Keys(store.prefix), clock, log, words, stopping.signal);
  log.info('Spoke for a dead worker', { worker: words.workerId, ended: ended.length });
  await coordination.close();
  cancel();
}

import { text } from 'node:stream/consumers';
import { type EtcdModuleOptions, openCoordinationStore } from '@app/etcd';
import { Keys, type LastWords, speakLastWords } from '@app/jobs';
import type { Clock, Log } from '@app/platform';

/** After so long there is nothing more to say: `lostAfterSeconds` rules then. */
const LONGEST_MS = 10_000;

/**
 * Reads the dead worker's testament from standard input and carries it out. Where that cannot be done it says why and ends
 * the process with 1.
 */
export async function speakFor(
  store: Pick<EtcdModuleOptions, 'location' | 'prefix'>,
  clock: Clock,
  log: Log,
): Promise<void> {
  const words = JSON.parse(await text(process.stdin)) as LastWords;
  const { workerId: worker } = words;
  const unheard = 'The last words were not heard';
  const cancel = clock.timer(LONGEST_MS, () => {
    log.warn(unheard, { worker });
    process.exit(1);
  });
  try {
    const coordination = openCoordinationStore({ ...store, clock, log });
    const { signal } = new AbortController();
    const ended = await speakLastWords(coordination, new Keys(store.prefix), clock, log, words, signal);
    log.info('Spoke for a dead worker', { worker, ended: ended.length });
    await coordination.close();
  } catch (error) {
    log.error(unheard, { worker, error });
    process.exit(1);
  }
  cancel();
}

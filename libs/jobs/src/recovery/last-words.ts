import type { CoordinationStore } from '@app/etcd';
import { type Clock, type Log, mayPass, pause } from '@app/platform';
import { Courier } from '../claiming/courier.js';
import type { StoredRun } from '../claiming/run-writes.js';
import type { JobDefinition } from '../registry/job-definition.js';
import { readDefinition } from '../registry/job-definition.js';
import type { LastWords } from '../running/run-host.js';
import type { Keys } from '../store/keys.js';
import type { RunResult } from '../store/run-entry.js';
import { findOrphans, resultOfTestimony } from './dead-session.js';
import { OrphanEnds } from './orphan-ends.js';

/** Between two tries, milliseconds: locks wait for what is said here. */
const RETRY_MS = 500;

/** What was ended, and how. */
type Ended = readonly { readonly stored: StoredRun; readonly result: RunResult }[];

/**
 * Speaks for a worker that died: ends its session first, then each of its live runs by what is known of it, so that no
 * lock waits for a lease. Said only with proof that no process of the session is left; without it nothing is done, and
 * `lostAfterSeconds` rules. A store that does not take it is told again and again. Returns what the last try ended. Throws
 * what the store throws, and NotDelivered, when told to stop.
 */
export async function speakLastWords(
  store: CoordinationStore,
  keys: Keys,
  clock: Clock,
  log: Log,
  words: LastWords,
  signal: AbortSignal,
): Promise<Ended> {
  if (!words.proven) return [];
  const ends = new OrphanEnds(keys, clock, log, new Courier(store, clock, log), signal);
  for (;;) {
    try {
      return await speakOnce(store, keys, clock, words, ends);
    } catch (error) {
      if (!mayPass(error) || signal.aborted) throw error;
      log.warn('The last words were not heard yet', { worker: words.workerId, error });
      await pause(clock, RETRY_MS, signal);
    }
  }
}

async function speakOnce(
  store: CoordinationStore,
  keys: Keys,
  clock: Clock,
  words: LastWords,
  ends: OrphanEnds,
): Promise<Ended> {
  await store.revokeLease(words.session);
  const isDead = (session: string, worker: string): boolean => session === words.session && worker === words.workerId;
  const orphans = await findOrphans(store, keys, isDead, words.runs);
  const ended = await Promise.all(
    orphans
      .filter(({ stored }) => stored.entry.state !== 'finished')
      .map(async (orphan) => {
        const { stored, testimony } = orphan;
        const definition = await readJob(store, keys, stored.entry.jobName);
        const isSameJob = definition?.createRevision === stored.entry.jobGeneration;
        const job = isSameJob ? definition.job : undefined;
        // What the supervisor was never told of, it never started; unless it had to forget some of what it did.
        const state = words.isWhole ? 'neverStarted' : 'mayHaveStarted';
        const known = testimony ?? { runId: stored.entry.runId, jobName: '', session: '', state };
        const notStarted: RunResult = { status: 'missed', reason: 'notStarted: worker died', endTime: clock.now() };
        const result = resultOfTestimony(known, job, stored.entry.kill, clock.now()) ?? notStarted;
        const after = await ends.end(orphan, result, job);
        return after && { stored: after, result };
      }),
  );
  return ended.filter((each) => each !== undefined);
}

async function readJob(store: CoordinationStore, keys: Keys, name: string): Promise<JobDefinition | undefined> {
  const entry = await store.get(keys.job(name));
  return entry && readDefinition(name, entry);
}

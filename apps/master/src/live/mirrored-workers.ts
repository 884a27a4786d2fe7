import { CoordinationStore, isAt, KeyChange, KeyMirror, put, transaction } from '@app/etcd';
import { Beat, ClockSuspect, Keys, readBeat, readPresence, WorkerPresence, writePresence } from '@app/jobs';
import { Clock, Log, NotFound, RevisionConflict } from '@app/platform';
import { transact } from '../auth/store-calls.js';
import { WorkerDirectory, WorkerView } from '../ports/worker-directory.js';
import { CANNOT_START, CLOCK_SUSPECT } from '../words/warning-words.js';

/** Who else wants to hear of workers and of their beats, as they change, and whether this machine's clock is good. */
export interface WorkerSurroundings {
  /** True unless given. */
  readonly isClockGood?: () => boolean;
  readonly onWorkers?: (changes: readonly KeyChange[]) => void;
  readonly onBeats?: (changes: readonly KeyChange[]) => void;
}

/** Beats come every 3 s. What one told that is older than this says nothing of now: a store may refuse new ones. */
const VITALS_MAX_AGE_MS = 30_000;
/** A drain begins a moment later, when every process has heard of it. */
const DRAIN_NOTICE_MS = 3_000;
/** How often a drain is tried again because the worker wrote its own presence in between. */
const TRIES = 5;

/**
 * The workers that are there, from mirrors of `workers/` and `beats/`. A drain is `drainFrom` in the worker's presence:
 * every process reads there who may take what, the worker itself among them.
 */
export class MirroredWorkers implements WorkerDirectory {
  private readonly presences: KeyMirror;
  private readonly beats: KeyMirror;
  private readonly isClockGood: () => boolean;
  /** When the newest beat of each worker came, by its key, monotonic. */
  private readonly heardAt = new Map<string, number>();

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    log: Log,
    { onWorkers, onBeats, isClockGood = () => true }: WorkerSurroundings = {},
  ) {
    this.isClockGood = isClockGood;
    this.presences = new KeyMirror(store, keys.workers, { clock, log, onChange: onWorkers });
    this.beats = new KeyMirror(store, keys.beats, {
      clock,
      log,
      onChange: (changes) => {
        this.noteBeats(changes);
        onBeats?.(changes);
      },
    });
  }

  /** Resolves when all workers are known. */
  async start(): Promise<void> {
    await Promise.all([this.presences.start(), this.beats.start()]);
  }

  close(): void {
    this.presences.close();
    this.beats.close();
  }

  /** For how long the mirror may have missed changes, milliseconds. */
  get lagMs(): number {
    return this.presences.lagMs;
  }

  async list(): Promise<readonly WorkerView[]> {
    const workers: WorkerView[] = [];
    for (const entry of this.presences.entries()) {
      const presence = readPresence(entry.value);
      if (presence) {
        workers.push(viewOf(presence, this.beatOf(presence.id), this.clock.now()));
      }
    }
    return workers.sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  private noteBeats(changes: readonly KeyChange[]): void {
    for (const { key, entry } of changes) {
      if (entry) this.heardAt.set(key, this.clock.monotonic());
      else this.heardAt.delete(key);
    }
  }

  private beatOf(id: string): Beat | undefined {
    const key = this.keys.beat(id);
    const entry = this.beats.get(key);
    const beat = entry && readBeat(entry.value);
    const isFresh = this.clock.monotonic() - (this.heardAt.get(key) ?? 0) <= VITALS_MAX_AGE_MS;
    if (!beat || isFresh) return beat;
    const { vitals: _old, ...rest } = beat;
    return rest;
  }

  /** Throws NotFound, ClockSuspect, StoreUnavailable; RevisionConflict where the worker kept writing in between. */
  async drain(id: string): Promise<void> {
    if (!this.isClockGood()) throw new ClockSuspect();
    const drainFrom = this.clock.now() + DRAIN_NOTICE_MS;
    await this.rewrite(id, (presence) => (presence.drainFrom === undefined ? { ...presence, drainFrom } : presence));
  }

  /** Throws as `drain` does, but takes any clock. */
  async undrain(id: string): Promise<void> {
    await this.rewrite(id, ({ drainFrom: _over, ...presence }) => presence);
  }

  /** Keeps the lease, and with it the session: a put on a key that is there does not make it another. */
  private async rewrite(id: string, change: (presence: WorkerPresence) => WorkerPresence): Promise<void> {
    const key = this.keys.worker(id);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const entry = await this.store.get(key);
      const presence = entry && readPresence(entry.value);
      if (!presence) {
        throw new NotFound('worker', id);
      }
      const written = put(key, writePresence(change(presence)), entry.lease);
      const { succeeded } = await transact(this.store, transaction([isAt(key, entry.modRevision)], [written]));
      if (succeeded) {
        return;
      }
    }
    throw new RevisionConflict('worker', id, 'the one read', 'another one with every try');
  }
}

function viewOf(presence: WorkerPresence, beat: Beat | undefined, now: number): WorkerView {
  const { id, pid, host, address, version, schema, group, labels, slots, startedAt, tzData: tzVersion } = presence;
  const about = { id, pid, host, address, version, schema, group, labels, slots, startedAt, tzVersion };
  return {
    ...about,
    running: beat?.running ?? 0,
    clockOffsetMs: beat?.clockOffsetMs,
    lastSeenAt: beat?.clock,
    undelivered: beat?.undelivered,
    vitals: beat?.vitals,
    ...stateOf(presence, now),
  };
}

function stateOf(presence: WorkerPresence, now: number): Pick<WorkerView, 'state' | 'reason'> {
  if (presence.clockSuspect) {
    return { state: 'unwell', reason: CLOCK_SUSPECT };
  }
  if (presence.cannotStart) {
    return { state: 'unwell', reason: CANNOT_START };
  }
  if (presence.drainFrom !== undefined) {
    return { state: 'draining' };
  }
  return { state: presence.eligibleFrom > now ? 'starting' : 'ready' };
}

import { CoordinationStore, Watch, WatchEvent } from '@app/etcd';
import { Clock, Log, pause } from '@app/platform';
import { ChangeEvent, changeOf } from './change-event.js';

/** The changes of one revision of the store. */
export interface Revision {
  readonly revision: number;
  readonly changes: readonly ChangeEvent[];
}

/** Somebody who listens. Called in the order of revisions. */
export interface EventListener {
  changed(revision: Revision): void;
  /** Changes were lost: read everything anew, then go on from `revision`. */
  reset(revision: number): void;
}

/** Revisions with news kept for those who come back. */
const KEPT = 5_000;
/** How far before the present a new process starts to listen, so that who comes from another master misses nothing. */
const HEAD_START = 2_000;
const RETRY_MS = 1_000;

/**
 * Hears the changes of the whole store through one watch and tells them to everybody at a screen. The ids are the
 * store's own revisions, so that a client may lose its master, go to another and resume there.
 */
export class EventHub {
  private readonly listeners = new Set<EventListener>();
  private readonly kept: Revision[] = [];
  private readonly stopping = new AbortController();
  private watch: Watch | undefined;
  /** Everything after this revision, up to `heard`, is in `kept`. */
  private floor = 0;
  private heard = 0;

  constructor(
    private readonly store: CoordinationStore,
    private readonly prefix: string,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Begins to listen; waits for nothing. A store that is away is tried again each second. */
  start(): void {
    void this.listenFrom('headStart');
  }

  stop(): void {
    this.stopping.abort();
    this.watch?.close();
    this.listeners.clear();
  }

  /** The last revision heard of; 0 before the first. */
  get revision(): number {
    return this.heard;
  }

  /**
   * Tells the listener every change after `after` (undefined: from now on), those of the past at once, and then as they
   * come. Where the past is no longer known it is told `reset` first. Returns what ends it.
   */
  subscribe(listener: EventListener, after: number | undefined): () => void {
    const isKnown = after === undefined || (after >= this.floor && after <= this.heard);
    if (!isKnown) {
      listener.reset(this.heard);
    } else if (after !== undefined) {
      for (const revision of this.kept.filter((each) => each.revision > after)) {
        listener.changed(revision);
      }
    }
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private async listenFrom(start: 'headStart' | 'now'): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const { revision } = await this.store.range(`${this.prefix}/jobs/`, { limit: 1, keysOnly: true });
        this.open(start === 'now' ? revision : Math.max(0, revision - HEAD_START), revision);
        return;
      } catch (error) {
        this.log.warn('Changes cannot be heard yet; trying again', { error });
        await pause(this.clock, RETRY_MS, this.stopping.signal);
      }
    }
  }

  private open(floor: number, present: number): void {
    if (this.stopping.signal.aborted) {
      return;
    }
    this.kept.length = 0;
    this.floor = floor;
    this.heard = present;
    this.watch = this.store.watch(`${this.prefix}/`, floor + 1, {
      events: (events) => this.hear(events),
      startOver: (reason) => {
        // Nobody's fault on the first try: the head start reached back behind a compaction.
        this.log.info('Listening to changes starts over', { reason });
        void this.listenFrom('now').then(() => this.resetAll());
      },
    });
  }

  private hear(events: readonly WatchEvent[]): void {
    const byRevision = new Map<number, ChangeEvent[]>();
    for (const event of events) {
      const revision = event.kind === 'put' ? event.entry.modRevision : event.modRevision;
      const changes = byRevision.get(revision) ?? [];
      byRevision.set(revision, changes);
      const change = changeOf(event, this.prefix);
      if (change) {
        changes.push(change);
      }
    }
    for (const [revision, changes] of byRevision) {
      this.heard = Math.max(this.heard, revision);
      if (changes.length > 0) {
        this.tell({ revision, changes });
      }
    }
  }

  private tell(revision: Revision): void {
    this.kept.push(revision);
    if (this.kept.length > KEPT) {
      this.floor = this.kept.shift()?.revision ?? this.floor;
    }
    for (const listener of this.listeners) {
      listener.changed(revision);
    }
  }

  private resetAll(): void {
    for (const listener of this.listeners) {
      listener.reset(this.heard);
    }
  }
}

import { CoordinationStore, Watch, WatchEvent, WatchPace } from '@app/etcd';
import { Clock, Log, pause } from '@app/platform';
import { ChangeEvent, changeOf, mayConcern } from './change-event.js';

/** The changes of one revision of the store, read when somebody first asks: mostly nobody is at a screen. */
export class Revision {
  private readonly events: WatchEvent[] = [];
  private read: readonly ChangeEvent[] | undefined;
  /** Of the values that wait to be read. */
  bytes = 0;

  constructor(
    readonly revision: number,
    private readonly prefix: string,
  ) {}

  add(event: WatchEvent): void {
    this.events.push(event);
    if (event.kind === 'put') this.bytes += event.entry.value.length;
  }

  get changes(): readonly ChangeEvent[] {
    this.read ??= this.events.splice(0).flatMap((event) => changeOf(event, this.prefix) ?? []);
    return this.read;
  }
}

/** Somebody who listens. Called in the order of revisions. */
export interface EventListener {
  changed(revision: Revision): void;
  /** Changes were lost: read everything anew, then go on from `revision`. */
  reset(revision: number): void;
}

/** Revisions with news kept for those who come back, and bytes of them. */
const KEPT = 5_000;
const KEPT_BYTES = 16 * 1024 ** 2;
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
  private keptBytes = 0;
  private readonly stopping = new AbortController();
  private watch: Watch | undefined;
  /** Everything after this revision, up to `heard`, is in `kept`. */
  private floor = 0;
  private heard = 0;
  private readonly pace: WatchPace;

  constructor(
    private readonly store: CoordinationStore,
    private readonly prefix: string,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.pace = new WatchPace(clock, this.stopping.signal);
  }

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
      for (const revision of this.kept.filter((each) => each.revision > after && each.changes.length > 0)) {
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

  private async listenAgain(): Promise<void> {
    await this.pace.brokeOff();
    await this.listenFrom('now');
  }

  private open(floor: number, present: number): void {
    if (this.stopping.signal.aborted) {
      return;
    }
    this.kept.length = 0;
    this.keptBytes = 0;
    this.floor = floor;
    this.heard = present;
    this.watch = this.store.watch(`${this.prefix}/`, floor + 1, {
      events: (events) => this.hear(events),
      startOver: (reason) => {
        // Nobody's fault on the first try: the head start reached back behind a compaction.
        this.log.info('Listening to changes starts over', { reason });
        void this.listenAgain().then(() => this.resetAll());
      },
    });
    this.pace.began();
  }

  private hear(events: readonly WatchEvent[]): void {
    const byRevision = new Map<number, Revision>();
    for (const event of events) {
      const number = event.kind === 'put' ? event.entry.modRevision : event.modRevision;
      this.heard = Math.max(this.heard, number);
      if (!mayConcern(event, this.prefix)) {
        continue;
      }
      const revision = byRevision.get(number) ?? new Revision(number, this.prefix);
      byRevision.set(number, revision);
      revision.add(event);
    }
    for (const revision of byRevision.values()) {
      this.tell(revision);
    }
  }

  private tell(revision: Revision): void {
    this.keep(revision);
    for (const listener of this.listeners) {
      if (revision.changes.length > 0) {
        listener.changed(revision);
      }
    }
  }

  private keep(revision: Revision): void {
    this.kept.push(revision);
    this.keptBytes += revision.bytes;
    while (this.kept.length > KEPT || this.keptBytes > KEPT_BYTES) {
      const oldest = this.kept.shift();
      this.floor = oldest?.revision ?? this.floor;
      this.keptBytes -= oldest?.bytes ?? 0;
    }
  }

  private resetAll(): void {
    for (const listener of this.listeners) {
      listener.reset(this.heard);
    }
  }
}

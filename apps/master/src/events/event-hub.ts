import { CoordinationStore, Watch, WatchEvent, WatchPace } from '@app/etcd';
import { CancelTimer, Clock, Log, pause } from '@app/platform';
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
  /** Called once, before all else: what comes after `revision`, the present one, will be told. */
  ready(revision: number): void;
  changed(revision: Revision): void;
  /** Changes were lost: read everything anew, then go on from `revision`. */
  reset(revision: number): void;
}

interface Subscription {
  readonly listener: EventListener;
  /** What it asked for; undefined for all that comes from now on. */
  readonly after: number | undefined;
  /** On the monotonic clock, ms. */
  readonly since: number;
  /** It is told what comes after this revision; undefined until all of that is sure to be heard. */
  from: number | undefined;
}

/** Revisions with news kept for those who come back, and bytes of them. */
const KEPT = 5_000;
const KEPT_BYTES = 16 * 1024 ** 2;
/** How far before the present it begins to listen, so that who comes from another master misses nothing. */
const HEAD_START = 2_000;
/** How long it goes on listening when nobody is at a screen: most are back at once, with another page. */
export const LINGER_MS = 60_000;
const RETRY_MS = 1_000;
/** Who had to wait for longer until it could be told of changes may have read what changed meanwhile. */
const MOST_WAIT_MS = 250;

/**
 * Hears the changes of the whole store through one watch and tells them to everybody at a screen. The ids are the
 * store's own revisions, so that a client may lose its master, go to another and resume there. Where nobody is at a
 * screen there is no watch: a store of many fires a second has more to tell than all else a master hears.
 *
 * States: idle -> opening -> listening -> idle, a minute after the last has left; back to opening where a watch breaks.
 */
export class EventHub {
  private readonly subscriptions = new Set<Subscription>();
  private readonly kept: Revision[] = [];
  private keptBytes = 0;
  private readonly stopping = new AbortController();
  private isOpening = false;
  private watch: Watch | undefined;
  /** Everything after this revision, up to `heard`, is in `kept`. */
  private floor = 0;
  private heard = 0;
  /** Of watches that break one after the other. */
  private pace: WatchPace;
  private cancelRest: CancelTimer = () => {};

  constructor(
    private readonly store: CoordinationStore,
    private readonly prefix: string,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.pace = new WatchPace(clock, this.stopping.signal);
  }

  stop(): void {
    this.stopping.abort();
    this.subscriptions.clear();
    this.rest();
  }

  /**
   * Tells the listener every change after `after` (undefined: from now on), those of the past at once, and then as they
   * come. Where the past is no longer known it is told `reset` first. A store that is away is tried again each second,
   * and the listener not ready until it is back; what it read meanwhile it is to read anew. Returns what ends it.
   */
  subscribe(listener: EventListener, after: number | undefined): () => void {
    const subscription: Subscription = { listener, after, since: this.clock.monotonic(), from: undefined };
    this.subscriptions.add(subscription);
    this.cancelRest();
    if (this.watch) this.begin(subscription);
    else void this.listen('first');
    return () => this.leave(subscription);
  }

  private leave(subscription: Subscription): void {
    if (this.subscriptions.delete(subscription) && this.subscriptions.size === 0) {
      this.cancelRest();
      this.cancelRest = this.clock.timer(LINGER_MS, () => this.rest());
    }
  }

  /** Listens no more, until somebody comes. */
  private rest(): void {
    this.cancelRest();
    this.watch?.close();
    this.watch = undefined;
    this.kept.length = 0;
    this.keptBytes = 0;
  }

  private begin(subscription: Subscription): void {
    const { listener, after, since } = subscription;
    const isKnown =
      after === undefined ? this.clock.monotonic() - since <= MOST_WAIT_MS : after >= this.floor && after <= this.heard;
    subscription.from = isKnown ? (after ?? this.heard) : this.heard;
    listener.ready(this.heard);
    if (!isKnown) listener.reset(this.heard);
    for (const revision of this.kept) tellOne(subscription, revision);
  }

  private async listen(begin: 'first' | 'anew'): Promise<void> {
    if (this.isOpening) return;
    this.isOpening = true;
    if (begin === 'first') this.pace = new WatchPace(this.clock, this.stopping.signal);
    if (begin === 'anew') await this.pace.brokeOff();
    while (this.isWanted) {
      try {
        const { revision } = await this.store.range(`${this.prefix}/jobs/`, { limit: 1, keysOnly: true });
        this.open(begin === 'anew' ? revision : Math.max(0, revision - HEAD_START), revision);
        break;
      } catch (error) {
        this.log.warn('Changes cannot be heard yet; trying again', { error });
        await pause(this.clock, RETRY_MS, this.stopping.signal);
      }
    }
    this.isOpening = false;
  }

  private get isWanted(): boolean {
    return this.subscriptions.size > 0 && !this.stopping.signal.aborted;
  }

  private open(floor: number, present: number): void {
    if (!this.isWanted) return;
    this.floor = floor;
    this.heard = present;
    this.watch = this.store.watch(`${this.prefix}/`, floor + 1, {
      events: (events) => this.hear(events),
      startOver: (reason) => {
        // Nobody's fault on the first try: the head start reached back behind a compaction.
        this.log.info('Listening to changes starts over', { reason });
        this.rest();
        void this.listen('anew');
      },
    });
    this.pace.began();
    for (const subscription of this.subscriptions) {
      if (subscription.from === undefined) {
        this.begin(subscription);
      } else if (subscription.from < present) {
        subscription.from = present;
        subscription.listener.reset(present);
      }
    }
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
    for (const subscription of this.subscriptions) tellOne(subscription, revision);
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
}

function tellOne({ listener, from }: Subscription, revision: Revision): void {
  if (from !== undefined && revision.revision > from && revision.changes.length > 0) listener.changed(revision);
}

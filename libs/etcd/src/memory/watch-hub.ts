import { Watch, WatchEvent, WatchListener } from '../port/coordination-store.js';
import { Change } from './change-log.js';
import { KeySpace } from './key-space.js';

/** Tells watches what changed: in order, and never from within the call that made the change. */
export class WatchHub {
  private readonly watches = new Set<LocalWatch>();

  /** Opens a watch, which first gets what the history of `keys` has from `fromRevision` on. */
  open(keys: KeySpace, prefix: string, fromRevision: number, listener: WatchListener): Watch {
    const watch = new LocalWatch(prefix, fromRevision, listener, () => this.watches.delete(watch));
    if (fromRevision <= keys.compactRevision) {
      watch.end(`revision ${fromRevision} is compacted`);
      return watch;
    }
    this.watches.add(watch);
    if (fromRevision <= keys.revision) watch.enqueue(keys.changesSince(fromRevision));
    return watch;
  }

  /** Passes on the changes of one or more whole revisions. */
  publish(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    for (const watch of this.watches) watch.enqueue(changes);
  }

  /** Ends every watch and has it start over. */
  endAll(reason: string): void {
    for (const watch of [...this.watches]) watch.end(reason);
  }

  /** Ends every watch without a word. */
  close(): void {
    for (const watch of [...this.watches]) watch.close();
  }
}

/** States: open -> (ending, its startOver still to be told ->) closed. */
class LocalWatch implements Watch {
  private queue: WatchEvent[] = [];
  private ending: string | undefined;
  private isClosed = false;
  private isFlushing = false;

  constructor(
    private readonly prefix: string,
    private readonly fromRevision: number,
    private readonly listener: WatchListener,
    private readonly forget: () => void,
  ) {}

  enqueue(changes: readonly Change[]): void {
    for (const { revision, key, entry } of changes) {
      if (revision < this.fromRevision || !key.startsWith(this.prefix)) continue;
      this.queue.push(entry ? { kind: 'put', entry } : { kind: 'delete', key, modRevision: revision });
    }
    if (this.queue.length > 0) this.flushSoon();
  }

  end(reason: string): void {
    this.ending ??= reason;
    this.forget();
    this.flushSoon();
  }

  close(): void {
    this.isClosed = true;
    this.forget();
  }

  private flushSoon(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    queueMicrotask(() => this.flush());
  }

  private flush(): void {
    this.isFlushing = false;
    if (this.isClosed) return;
    const events = this.queue;
    this.queue = [];
    if (events.length > 0) this.listener.events(events);
    if (this.ending === undefined || this.isClosed) return;
    this.isClosed = true;
    this.listener.startOver(this.ending);
  }
}

import type { FeedMessage } from './changes';
import type { EventFeed } from './event-feed';
import { Pace } from './pace';

/** A tab that says nothing for this long is gone: ports have no end of their own. */
const GONE_MS = 90_000;

/** What a tab says: that it took in what it was told, is still there, wants the feed to try at once, or goes. */
export type TabWord = 'heard' | 'here' | 'wake' | 'leave';

/** One tab that listens to the feed they share. */
export class Tab {
  private readonly pace: Pace;
  private leave: (() => void) | undefined;
  private gone: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly feed: EventFeed,
    send: (message: FeedMessage) => void,
  ) {
    this.pace = new Pace(send);
    this.join();
  }

  /** The tab said something; one that was taken for gone was only asleep, and must read again what it shows. */
  said(word: TabWord): void {
    clearTimeout(this.gone);
    if (word === 'leave') {
      this.part();
      return;
    }
    if (this.leave) this.gone = setTimeout(() => this.part(), GONE_MS);
    else {
      this.join();
      this.pace.tell({ type: 'reset' });
    }
    if (word === 'heard') this.pace.heard();
    else if (word === 'wake') this.feed.wake();
  }

  private join(): void {
    this.leave = this.feed.listen((message) => this.pace.tell(message));
    this.gone = setTimeout(() => this.part(), GONE_MS);
  }

  private part(): void {
    this.leave?.();
    this.leave = undefined;
  }
}

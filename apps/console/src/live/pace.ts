import { ChangeBatch } from './batch';
import type { FeedMessage } from './changes';

/**
 * Changes no faster than a page takes them in. After each batch it waits for the page's `heard`; what comes meanwhile
 * gathers, the latest of each thing. A page that is slow is told of everything late, and none of it piles up before it.
 */
export class Pace {
  private readonly batch = new ChangeBatch();
  private isWaiting = false;

  constructor(private readonly send: (message: FeedMessage) => void) {}

  /** Passes it on, now or later. How the connection stands is told at once. */
  tell(message: FeedMessage): void {
    if (message.type === 'state') {
      this.send(message);
      return;
    }
    if (message.type === 'reset') this.batch.lose();
    else for (const change of message.changes) this.batch.add(change);
    if (!this.isWaiting) this.sendBatch();
  }

  /** The page has taken in what it was told last. */
  heard(): void {
    this.isWaiting = false;
    if (!this.batch.isEmpty) this.sendBatch();
  }

  private sendBatch(): void {
    this.isWaiting = true;
    this.send(this.batch.takeMessage());
  }
}

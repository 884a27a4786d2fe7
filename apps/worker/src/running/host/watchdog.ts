/** Consecutive questions without an answer after which a supervisor counts as stuck. */
const PATIENCE = 6;
const ASK_EVERY_MS = 5_000;

/**
 * Notices a supervisor that is alive and does nothing any more (a spawn into a dead network file system stops it for
 * ever): after half a minute of silence. A worker that was itself stopped asks once when it goes on, and hears the
 * answers that waited.
 */
export class Watchdog {
  private unanswered = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(ask: () => void, stuck: () => void, askEveryMs = ASK_EVERY_MS) {
    this.timer = setInterval(() => {
      if (this.unanswered >= PATIENCE) stuck();
      this.unanswered += 1;
      ask();
    }, askEveryMs);
  }

  answered(): void {
    this.unanswered = 0;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

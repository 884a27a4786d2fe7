/** Until when runs may go on by session, in milliseconds of the boot clock. A session that was never told has no end. */
export class SessionDeadlines {
  private readonly bySession = new Map<string, number>();

  /** A later call replaces the deadline, earlier or not. */
  set(session: string, bootMs: number): void {
    this.bySession.set(session, bootMs);
  }

  hasPassed(session: string, nowBootMs: number): boolean {
    return nowBootMs >= (this.bySession.get(session) ?? Number.POSITIVE_INFINITY);
  }
}

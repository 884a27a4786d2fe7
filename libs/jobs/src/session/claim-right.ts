import type { Log } from '@app/platform';
import type { ClockGuard, ClockState } from '../policy/clock-guard.js';
import type { SessionRef } from '../store/run-entry.js';
import type { WorkerSession } from './worker-session.js';

/** What the right to claim rests on, beside the clock. */
export interface ClaimRightParts {
  readonly session: Pick<WorkerSession, 'claiming' | 'published' | 'publish'>;
  /** Whether anything could be started: what is claimed in vain is missed. */
  readonly canStart: () => boolean;
  /** It may claim again: whatever became due meanwhile is to be looked at. */
  readonly regained: () => void;
}

/** Whether a worker may claim: it has a session, a clock that is believed, and can start what it claims. */
export class ClaimRight {
  private state: ClockState = 'good';
  private had = false;

  constructor(
    private readonly guard: ClockGuard,
    private readonly log: Log,
    private readonly parts: ClaimRightParts,
  ) {}

  /** How its clock was when it was looked at last. */
  get clock(): ClockState {
    return this.state;
  }

  /** The session to claim under; undefined while nothing may be claimed. */
  get session(): SessionRef | undefined {
    const isClockGood = this.state === 'good' || this.state === 'warned';
    return isClockGood && this.parts.canStart() ? this.parts.session.claiming : undefined;
  }

  /** To be called often: notices clocks, tells the fleet of them, and notices a right that came back. */
  look(): void {
    const before = this.state;
    this.state = this.guard.check();
    const isSuspect = this.state === 'stopped' || this.state === 'jumped';
    if (before !== this.state) {
      const { session } = this.parts;
      this.log.warn('The clock', { state: this.state, offsetMs: this.guard.offsetMs });
      if (isSuspect !== (session.published.clockSuspect ?? false)) void session.publish({ clockSuspect: isSuspect });
    }
    const has = this.session !== undefined;
    if (has && !this.had) this.parts.regained();
    this.had = has;
  }

  /** The session was confirmed: it may be there again before the next look. */
  confirmed(): void {
    if (!this.had) this.parts.regained();
  }
}

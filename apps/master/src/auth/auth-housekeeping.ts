import { Clock, Log, verifyPassword } from '@app/platform';
import { OneTimeLinks } from './one-time-links.js';
import { SessionStore } from './session-store.js';
import { UserStore } from './user-store.js';

const SWEEP_EVERY_MS = 600_000;

export interface AuthHousekeepingOptions {
  /** FLEETCRON_ADMIN_PASSWORD: makes the first user, `admin`, where there is none. */
  readonly adminPassword?: string;
  /** Tells the person at the terminal the one-time path; undefined: no link is made. */
  readonly announceLink?: (path: string) => void;
}

/**
 * Opens the door for the first person at the start, and removes sessions that are over every ten minutes. Any number of
 * masters may do both at once.
 */
export class AuthHousekeeping {
  private cancel: (() => void) | undefined;
  private stopped = false;
  private isDoorOpen = false;

  constructor(
    private readonly users: UserStore,
    private readonly sessions: SessionStore,
    private readonly links: OneTimeLinks,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly options: AuthHousekeepingOptions,
  ) {}

  /** Never throws: a store that is away at the start is asked again at the next sweep. */
  async start(): Promise<void> {
    // Makes what an unknown user is compared with, so that the first guess is not told by its slowness.
    await verifyPassword(undefined, '');
    await this.round();
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    this.cancel?.();
  }

  private async openFirstDoor(): Promise<void> {
    if (!(await this.users.isEmpty())) {
      return;
    }
    if (this.options.adminPassword !== undefined) {
      await this.users.create('admin', this.options.adminPassword, 'admin').catch((error: unknown) => {
        // Another master was faster: the user is there, which is all we wanted.
        if ((error as { code?: string }).code !== 'already_exists') {
          throw error;
        }
      });
      this.log.info('Made the first user', { user: 'admin' });
      return;
    }
    this.options.announceLink?.(`/auth/once?token=${await this.links.issue()}`);
  }

  private schedule(): void {
    if (!this.stopped) {
      this.cancel = this.clock.timer(SWEEP_EVERY_MS, () => void this.round().then(() => this.schedule()));
    }
  }

  private async round(): Promise<void> {
    try {
      if (!this.isDoorOpen) {
        await this.openFirstDoor();
        this.isDoorOpen = true;
      }
      const ended = await this.sessions.sweep();
      if (ended > 0) {
        this.log.info('Removed sessions that were over', { ended });
      }
    } catch (error) {
      this.log.warn('Users and sessions could not be looked after; trying again later', { error });
    }
  }
}

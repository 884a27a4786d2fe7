import type { CancelTimer, Clock, Log } from '@app/platform';
import type { RunHost, StartRefusal } from './run-host.js';

/** The host is asked again so often whether it can start runs. */
const LOOK_EVERY_MS = 1000;

/**
 * Whether runs can be started here. A start is journalled first, by a supervisor; where the disk refuses that, or no
 * supervisor comes up, each fire claimed would only be missed. So nothing is claimed from the first such refusal until the
 * host says that it can, and the fleet is told.
 */
export class StartAbility {
  private cancelTimer: CancelTimer | undefined;
  private isLost = false;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly host: RunHost,
    private readonly tell: (cannotStart: boolean) => void,
  ) {}

  get canStart(): boolean {
    return !this.isLost;
  }

  /** A start was refused, for whatever reason. */
  refused({ why, detail }: StartRefusal): void {
    if (why === 'journal') this.lost(detail);
  }

  /** Nothing can be started here, for this reason. */
  lost(detail: string): void {
    if (this.isLost) return;
    this.isLost = true;
    this.log.error('No run can be started here, so nothing is claimed', { detail });
    this.tell(true);
    this.lookLater();
  }

  stop(): void {
    this.cancelTimer?.();
  }

  private lookLater(): void {
    this.cancelTimer = this.clock.timer(LOOK_EVERY_MS, () => void this.look());
  }

  private async look(): Promise<void> {
    const canStart = await this.host.canStart().catch(() => false);
    if (!canStart) {
      this.lookLater();
      return;
    }
    this.isLost = false;
    this.log.info('Runs can be started here again');
    this.tell(false);
  }
}

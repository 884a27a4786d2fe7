import type { StartOrder } from '@app/jobs';
import type { Clock } from '@app/platform';

/** A start that happened, whatever anybody says about it. */
export interface TrueStart {
  readonly jobName: string;
  readonly runId: string;
  /** What makes the fire this fire: scheduled time and attempt, as the process was told. */
  readonly scheduledTime: number;
  readonly attempt: number;
  readonly trigger: string;
  readonly jobRevision: number;
  /** Which definition the command that ran is of, by a number in the command itself; not every command has one. */
  readonly definition?: number;
  readonly isExclusive: boolean;
  readonly startedAt: number;
  endedAt: number | undefined;
  how: 'byItself' | 'killed' | undefined;
}

/** The file each simulated job appends to, so to speak. */
export class GroundTruth {
  readonly starts: TrueStart[] = [];
  private readonly latest = new Map<string, TrueStart>();

  constructor(private readonly world: Clock) {}

  started(order: StartOrder): void {
    const { env } = order;
    const start: TrueStart = {
      jobName: order.jobName,
      runId: order.runId,
      scheduledTime: Number(env['SCHEDULED_TIME']),
      attempt: Number(env['ATTEMPT']),
      trigger: env['TRIGGER'] ?? '',
      jobRevision: Number(env['JOB_REVISION']),
      isExclusive: env['IS_EXCLUSIVE'] === 'true',
      startedAt: this.world.now(),
      endedAt: undefined,
      how: undefined,
    };
    this.starts.push(start);
    this.latest.set(order.runId, start);
  }

  ended(runId: string, how: 'byItself' | 'killed'): void {
    const start = this.latest.get(runId);
    if (!start || start.endedAt !== undefined) return;
    start.endedAt = this.world.now();
    start.how = how;
  }
}

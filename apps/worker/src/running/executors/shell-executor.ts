import type { Job, RunHost, StartOrder } from '@app/jobs';
import type { Executor, RunContext } from './executor.js';
import { buildShellOrder } from './shell-order.js';

/** Carries out the command of a job in a shell, as a process of this machine. */
export class ShellExecutor implements Executor {
  readonly kind = 'shell';

  /** @param inherited what every run gets of the worker's environment: see `allowedEnvironment` */
  constructor(
    readonly host: RunHost,
    private readonly inherited: Readonly<Record<string, string>>,
  ) {}

  order(job: Job, context: RunContext): StartOrder {
    return buildShellOrder(job, context, this.inherited);
  }
}

import type { CancelTimer, Clock } from '@app/platform';

/**
 * A process of the simulated world: all that reaches it comes through `deliver`. Paused, it hears everything later, as
 * after SIGSTOP and SIGCONT; dead, never.
 */
export class SimProcess {
  private held: (() => void)[] = [];
  private state: 'running' | 'paused' | 'dead' = 'running';

  constructor(readonly name: string) {}

  get isDead(): boolean {
    return this.state === 'dead';
  }

  get isPaused(): boolean {
    return this.state === 'paused';
  }

  deliver(event: () => void): void {
    if (this.state === 'running') event();
    else if (this.state === 'paused') this.held.push(event);
  }

  pause(): void {
    if (this.state === 'running') this.state = 'paused';
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'running';
    for (const event of this.held.splice(0)) this.deliver(event);
  }

  kill(): void {
    this.state = 'dead';
    this.held = [];
  }
}

/** The clocks of one process: timers reach it only while it runs, and its wall clock may be off. */
export class ProcessClock implements Clock {
  skewMs = 0;

  constructor(
    private readonly world: Clock,
    private readonly process: SimProcess,
  ) {}

  now(): number {
    return this.world.now() + this.skewMs;
  }

  monotonic(): number {
    return this.world.monotonic();
  }

  boot(): number {
    return this.world.boot();
  }

  timer(delayMs: number, callback: () => void): CancelTimer {
    let isCancelled = false;
    const cancel = this.world.timer(delayMs, () =>
      this.process.deliver(() => {
        if (!isCancelled) callback();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }
}

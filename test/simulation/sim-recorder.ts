import type { Receipt, Run, RunRecorder } from '@app/jobs';
import type { Clock } from '@app/platform';
import { takesOver } from '../../libs/logs/src/record/precedence.js';
import type { SimProcess } from './process.js';
import type { Random } from './random.js';

/** History of the simulated world: it may be down, and acknowledges late. Its guard is that of every adapter. */
export class SimHistory {
  readonly runs = new Map<string, Run>();
  isDown = false;
  private waiting: (() => void)[] = [];

  comeBack(): void {
    this.isDown = false;
    for (const write of this.waiting.splice(0)) write();
  }

  write(run: Run, done: () => void): void {
    if (this.isDown) {
      this.waiting.push(() => this.write(run, done));
      return;
    }
    const known = this.runs.get(run.id);
    if (!known || takesOver(run, known)) this.runs.set(run.id, run);
    done();
  }
}

/** A process's way to history. What it had not delivered dies with it. */
export class SimRecorder implements RunRecorder {
  constructor(
    private readonly world: Clock,
    private readonly process: SimProcess,
    private readonly random: Random,
    private readonly history: SimHistory,
  ) {}

  record(run: Run): Receipt {
    const stored = new Promise<void>((resolve) => {
      this.world.timer(this.random.between(10, 300), () => {
        if (this.process.isDead) return;
        this.history.write(run, () => this.process.deliver(resolve));
      });
    });
    return { stored, spooled: stored };
  }
}

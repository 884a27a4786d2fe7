import { TruthFile } from '../../accounting/truth-file.js';
import { until } from '../../support/until.js';
import { Spread, spread } from '../results.js';

/** What became of the fires of some jobs in a span. */
export interface Fires {
  readonly due: number;
  /** Never started. */
  readonly missed: number;
  /** Started more than once. */
  readonly doubled: number;
  /** Start behind the scheduled time, milliseconds. */
  readonly lateness: Spread;
}

/** What jobs that run `tell` say of their starts. */
export class ToldFires {
  private readonly file: TruthFile;

  constructor(path: string) {
    this.file = new TruthFile(path, () => false);
  }

  /** Resolves with the time of the first start at or after an instant, epoch milliseconds. */
  firstSince(instant: number, withinMs: number): Promise<number> {
    return until(
      'a first fire',
      () => {
        const { starts } = this.file.read();
        const found = starts.filter(({ startedAt }) => startedAt >= instant).map(({ startedAt }) => startedAt);
        return found.length > 0 && found.reduce((first, at) => Math.min(first, at));
      },
      withinMs,
    );
  }

  /** Resolves once each of the jobs has started for a fire at or after an instant. */
  async untilAllSince(instant: number, names: readonly string[], withinMs: number): Promise<void> {
    await until(
      'every busy job fires',
      () => {
        const { starts } = this.file.read();
        const seen = new Set(starts.filter(({ scheduledTime: at }) => at >= instant).map(({ jobName }) => jobName));
        return names.every((name) => seen.has(name));
      },
      withinMs,
    );
  }

  /** Accounts for every second in [from, to) of every-second jobs. */
  between(names: readonly string[], from: number, to: number): Fires {
    const wanted = new Set(names);
    const late: number[] = [];
    const times = new Map<string, number>();
    for (const { jobName, scheduledTime, startedAt } of this.file.read().starts) {
      if (!wanted.has(jobName) || scheduledTime < from || scheduledTime >= to) continue;
      const fire = `${jobName} ${scheduledTime}`;
      times.set(fire, (times.get(fire) ?? 0) + 1);
      late.push(startedAt - scheduledTime);
    }
    const due = (names.length * (to - from)) / 1_000;
    const doubled = [...times.values()].filter((count) => count > 1).length;
    return { due, missed: due - times.size, doubled, lateness: spread(late) };
  }
}

import { Schedule } from './schedule.js';

/** A schedule that fires only at or after `startAt` and before `endAt`, in epoch milliseconds. */
export class WindowedSchedule implements Schedule {
  constructor(
    private readonly inner: Schedule,
    private readonly startAt: number,
    private readonly endAt: number,
  ) {}

  get shortestIntervalMs(): number {
    return this.inner.shortestIntervalMs;
  }

  next(after: number): number | undefined {
    const found = this.inner.next(Math.max(after, this.startAt - 1));
    return found !== undefined && found < this.endAt ? found : undefined;
  }

  previous(before: number, notBefore: number): number | undefined {
    return this.inner.previous(Math.min(before, this.endAt), Math.max(notBefore, this.startAt - 1));
  }

  count(from: number, to: number, limit?: number): number {
    return this.inner.count(Math.max(from, this.startAt - 1), Math.min(to, this.endAt - 1), limit);
  }
}

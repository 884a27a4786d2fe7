import { Clock } from '@app/platform';

/**
 * Answers that are costly and may be a few seconds old, so that several people with one page open cost as much as one.
 * Those who ask while an answer is being worked out get the same one; a failure is forgotten at once.
 */
export class RecentAnswers<T> {
  private readonly known = new Map<string, { readonly answer: Promise<T>; readonly until: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly keepMs: number,
    private readonly max: number,
  ) {}

  /** The answer to the question `key`, worked out where none is recent. */
  get(key: string, work: () => Promise<T>): Promise<T> {
    const now = this.clock.monotonic();
    const recent = this.known.get(key);
    if (recent && now < recent.until) {
      return recent.answer;
    }
    const answer = work();
    this.known.delete(key);
    this.known.set(key, { answer, until: now + this.keepMs });
    answer.catch(() => this.known.delete(key));
    const oldest = this.known.keys().next();
    if (this.known.size > this.max && !oldest.done) {
      this.known.delete(oldest.value);
    }
    return answer;
  }
}

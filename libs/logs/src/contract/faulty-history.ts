import { Run } from '@app/jobs';
import { StoreUnavailable } from '@app/platform';
import { EmbeddedHistory } from '../embedded/embedded-history.js';
import { HistoryRefused } from '../port/errors.js';
import { OutputChunk } from '../port/history-store.js';

/**
 * A real history that can be made to misbehave. `down`: refuses at once. `full`: refuses what is written, at once. `blackHole`: never answers. `lostReply`: does
 * what it is told, and then nobody hears of it. `slow`: answers after `slowMs`.
 * `held`: answers when `release` is called.
 */
export class FaultyHistory extends EmbeddedHistory {
  state: 'up' | 'down' | 'full' | 'blackHole' | 'lostReply' | 'slow' | 'held' = 'up';
  slowMs = 50;
  /** Runs and chunks it will never take. */
  isPoison: (item: Run | OutputChunk) => boolean = () => false;
  /** Calls that reached it, whatever became of them. */
  readonly calls = { writeRuns: 0, writeOutput: 0, ping: 0 };
  /** Every id of a run handed over, as often as it was stored. */
  readonly written: string[] = [];

  private readonly heldBack = new Set<() => void>();

  constructor() {
    super(':memory:');
  }

  /** Is up again, and answers what was held back. */
  release(): void {
    this.state = 'up';
    for (const goOn of this.heldBack) goOn();
    this.heldBack.clear();
  }

  override async writeRuns(runs: readonly Run[]): Promise<void> {
    this.calls.writeRuns += 1;
    await this.misbehave('write runs', async () => {
      if (runs.some(this.isPoison)) throw new HistoryRefused('write runs', 'poison');
      await super.writeRuns(runs);
      this.written.push(...runs.map((run) => run.id));
    });
  }

  override async writeOutput(chunks: readonly OutputChunk[]): Promise<void> {
    this.calls.writeOutput += 1;
    await this.misbehave('write output', async () => {
      if (chunks.some(this.isPoison)) throw new HistoryRefused('write output', 'poison');
      await super.writeOutput(chunks);
    });
  }

  override async ping(): Promise<void> {
    this.calls.ping += 1;
    await this.misbehave('ping', () => super.ping());
  }

  private async misbehave(operation: string, work: () => Promise<void>): Promise<void> {
    if (this.state === 'full' && operation !== 'ping') throw new StoreUnavailable(operation, 'notDone', 'disk is full');
    if (this.state === 'down') throw new StoreUnavailable(operation, 'notDone', 'down');
    if (this.state === 'blackHole') return new Promise(() => {});
    if (this.state === 'held') await new Promise<void>((goOn) => this.heldBack.add(goOn));
    if (this.state === 'slow') await new Promise((resolve) => setTimeout(resolve, this.slowMs));
    await work();
    if (this.state === 'lostReply') throw new StoreUnavailable(operation, 'unknown', 'connection reset');
  }
}

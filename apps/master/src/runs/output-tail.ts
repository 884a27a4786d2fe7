import { isTerminal, Run } from '@app/jobs';
import { HistoryStore } from '@app/logs';
import { Clock, pause } from '@app/platform';
import { SseStream } from '../http/sse.js';
import { streamBefore } from './output-before.js';
import { OutputText } from './output-text.js';
import { toRunDto } from './run.dto.js';
import { RunList } from './run-list.js';

/** How often history is asked for more while a run is on. A worker writes about as often. */
const POLL_MS = 300;
/** How long output that is still missing is waited for once history has the end of the run, which comes after it. */
const SETTLE_MS = 5_000;
const PAGE = 200;

/**
 * Follows the output of a run into a stream of events: `output` per piece (its id is the piece's `seq`, so that it
 * resumes), `status` at each change, and `end` when the run has ended and everything was sent. Then it closes.
 */
export class OutputTail {
  constructor(
    private readonly history: HistoryStore,
    private readonly runs: RunList,
    private readonly clock: Clock,
  ) {}

  /** `fromSeq`: the first piece to send. Returns when the stream is closed. A history that is away is asked again. */
  async follow(run: Run, stream: SseStream, fromSeq: number): Promise<void> {
    const state = { run, nextSeq: fromSeq, received: { stdout: 0, stderr: 0 }, text: new OutputText() };
    await this.lookBack(state);
    stream.send({ event: 'status', data: { status: run.status } });
    let settledAt = Number.POSITIVE_INFINITY;
    while (!stream.closed.aborted) {
      const before = state.nextSeq;
      const isOver = isTerminal(state.run.status);
      const isAnswered = await this.deliver(state, stream);
      if (isOver) {
        const isWhole = hasAll(state);
        const isSettling = !isWhole && isAnswered && (await this.isRecorded(state.run.id));
        if (!isSettling) settledAt = Number.POSITIVE_INFINITY;
        else if (state.nextSeq > before || settledAt === Number.POSITIVE_INFINITY) settledAt = this.clock.monotonic();
        if (isWhole || this.clock.monotonic() - settledAt >= SETTLE_MS) {
          stream.send({ event: 'end', data: toRunDto(state.run) });
          stream.close();
          return;
        }
      } else {
        await this.refresh(state, stream);
      }
      if (!isTerminal(state.run.status) || isOver) {
        await pause(this.clock, POLL_MS, stream.closed);
      }
    }
  }

  /** What somebody has who goes on from a piece. Not to know it costs a late `end` and a torn character. */
  private async lookBack({ run, nextSeq, received, text }: TailState): Promise<void> {
    for (const stream of ['stdout', 'stderr'] as const) {
      const before = await streamBefore(this.history, run.id, stream, nextSeq).catch(() => undefined);
      if (before) {
        received[stream] = before.length;
        text.goOnAfter(stream, before.bytes);
      }
    }
  }

  /** False also where history does not say. */
  private async isRecorded(runId: string): Promise<boolean> {
    return isEndRecorded(this.history, runId).catch(() => false);
  }

  /** Sends every piece there is; false when history did not say. It is asked again at the next turn. */
  private async deliver(state: TailState, stream: SseStream): Promise<boolean> {
    for (;;) {
      const chunks = await this.history
        .findOutput(state.run.id, { fromSeq: state.nextSeq, limit: PAGE })
        .catch(() => undefined);
      if (chunks === undefined) return false;
      for (const chunk of chunks) {
        stream.send({ event: 'output', id: String(chunk.seq), data: state.text.piece(chunk) });
        state.nextSeq = chunk.seq + 1;
        state.received[chunk.stream] = chunk.offset + chunk.data.length;
        await stream.drained();
      }
      if (chunks.length === 0 || stream.closed.aborted) {
        return true;
      }
    }
  }

  private async refresh(state: TailState, stream: SseStream): Promise<void> {
    const run = await this.runs.find(state.run.id).catch(() => undefined);
    if (run && run.status !== state.run.status) {
      stream.send({ event: 'status', data: { status: run.status } });
    }
    state.run = run ?? state.run;
  }
}

/** Whether history has the end of a run, which comes to it after all output. Throws StoreUnavailable. */
export async function isEndRecorded(history: HistoryStore, runId: string): Promise<boolean> {
  return isTerminal((await history.findRun(runId))?.status ?? 'running');
}

interface TailState {
  run: Run;
  nextSeq: number;
  /** Bytes seen per stream, what was cut counted. */
  readonly received: { stdout: number; stderr: number };
  readonly text: OutputText;
}

/** Whether every byte the run wrote was sent, as far as the record says. */
function hasAll({ run, received }: TailState): boolean {
  if (run.startTime === undefined) {
    return true;
  }
  return run.outputBytes !== undefined && received.stdout + received.stderr >= run.outputBytes;
}

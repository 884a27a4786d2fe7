import type { OutputPiece, RunEnd, StartOrder } from '@app/jobs';
import { ByteRing } from '../supervisor/byte-ring.js';
import { RECORD_TAIL_BYTES } from '../supervisor/stream-capture.js';

/** The process of a run, as far as it is known. */
export interface StartedProcess {
  readonly pid: number;
  readonly startTime: number;
}

/**
 * An order that has not been answered yet. `queued`: here, no supervisor has it; `sent`: a supervisor has it, and may or
 * may not have started it; `started`: it said so.
 */
export class LiveOrder {
  state: 'queued' | 'sent' | 'started' = 'queued';
  isKillAsked = false;
  started?: StartedProcess;
  private bytes = 0;
  private readonly tails = { stdout: new ByteRing(RECORD_TAIL_BYTES), stderr: new ByteRing(RECORD_TAIL_BYTES) };

  constructor(public order: StartOrder) {}

  /** Remembers the end of what came, for the case that nobody else will. */
  note(piece: OutputPiece): void {
    this.bytes += piece.cutBefore + piece.data.length;
    this.tails[piece.stream].push(piece.data);
  }

  /** How it ended by the journal of its supervisor, which keeps no output: with what we have seen of that. */
  endByJournal(end: RunEnd): RunEnd {
    return { ...end, ...this.seenTails };
  }

  /** How it ended when its supervisor died: by our hand, and with what output we have seen. */
  endWithHost(startTime: number, endTime: number): RunEnd {
    return {
      runId: this.order.runId,
      startTime,
      endTime,
      signal: 'SIGKILL',
      killedFor: 'hostDied',
      outputBytes: this.bytes,
      outputTruncated: true,
      ...this.seenTails,
    };
  }

  private get seenTails(): Pick<RunEnd, 'outputTail' | 'errTail'> {
    return {
      outputTail: this.tails.stdout.bytes().toString('utf8'),
      errTail: this.tails.stderr.bytes().toString('utf8'),
    };
  }
}
